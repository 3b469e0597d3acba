"""A second set_start_method raises RuntimeError."""

from multiprocessing import Pool, set_start_method


def shrink(width):
    return width // 2


def main():
    set_start_method("spawn")
    with Pool(2) as pool:
        print(pool.map(shrink, [640, 800, 1024]))


if __name__ == "__main__":
    set_start_method("spawn")
    main()
