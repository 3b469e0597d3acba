"""A note on the exception says which task it was."""

from concurrent.futures import ProcessPoolExecutor


def read_price(line, text):
    try:
        return int(text)
    except ValueError as error:
        error.add_note(f"in line {line}")
        raise


def main():
    with ProcessPoolExecutor(2) as executor:
        tasks = [
            executor.submit(read_price, line, text)
            for line, text in enumerate(["4", "free", "5"], start=1)
        ]
        for task in tasks:
            try:
                print(task.result())
            except ValueError as error:
                print(error, *error.__notes__)


if __name__ == "__main__":
    main()
