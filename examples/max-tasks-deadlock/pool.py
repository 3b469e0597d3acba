"""A Pool with maxtasksperchild replaces its workers and goes on."""

from multiprocessing import get_context


def resize(photo):
    return photo * 100


def main():
    context = get_context("spawn")
    with context.Pool(1, maxtasksperchild=2) as pool:
        sizes = pool.map(resize, range(10), chunksize=1)
    print("sum", sum(sizes))


if __name__ == "__main__":
    main()
