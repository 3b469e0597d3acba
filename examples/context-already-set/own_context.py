"""get_context gives a start method of your own, any time."""

from multiprocessing import get_context


def resize(photo):
    return photo * 100


def main():
    context = get_context("spawn")
    with context.Pool(2) as pool:
        print(pool.map(resize, [1, 2, 3]))


if __name__ == "__main__":
    main()
