"""set_start_method sets the default for the whole program."""

from multiprocessing import Pool, get_start_method, set_start_method


def shrink(width):
    return width // 2


def main():
    with Pool(2) as pool:
        print(pool.map(shrink, [640, 800, 1024]))


if __name__ == "__main__":
    print("Chosen so far:", get_start_method(allow_none=True))
    set_start_method("spawn")
    print("Now:", get_start_method())
    main()
