"""Set the start method once, as the first thing under the guard."""

from multiprocessing import Pool, get_start_method, set_start_method


def resize(photo):
    return photo * 100


def main():
    print(get_start_method())
    with Pool(2) as pool:
        print(pool.map(resize, [1, 2, 3]))


if __name__ == "__main__":
    set_start_method("spawn")
    main()
