"""A Pool with maxtasksperchild replaces its workers."""

from multiprocessing import get_context


def shrink(width):
    return width // 2


def main():
    ctx = get_context("spawn")
    with ctx.Pool(1, maxtasksperchild=2) as pool:
        widths = pool.map(shrink, range(640, 650), chunksize=1)
    print("Pictures done:", len(widths))


if __name__ == "__main__":
    main()
