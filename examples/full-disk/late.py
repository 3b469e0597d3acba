"""The error of a full disk comes with a later call than write()."""

from concurrent.futures import ProcessPoolExecutor


def write(size, flush):
    call = "write()"
    try:
        with open("/dev/full", "w", encoding="utf-8") as file:
            file.write("x" * size)
            if flush:
                call = "flush()"
                file.flush()
            call = "close()"
    except OSError as error:
        return f"{call} raises OSError: {error}"
    return "no error"


def main():
    with ProcessPoolExecutor(1) as pool:
        for size, flush in (10, False), (10, True), (1_000_000, False):
            told = pool.submit(write, size, flush).result()
            print(f"{size} characters: {told}")


if __name__ == "__main__":
    main()
