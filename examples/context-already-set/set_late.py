"""set_start_method after the first Lock raises RuntimeError."""

from multiprocessing import Lock, Pool, set_start_method

printer = Lock()


def shrink(width):
    return width // 2


def main():
    with Pool(2) as pool:
        print(pool.map(shrink, [640, 800, 1024]))


if __name__ == "__main__":
    set_start_method("spawn")
    main()
