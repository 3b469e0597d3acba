"""A context of your own needs no set_start_method."""

from multiprocessing import get_context


def shrink(width):
    return width // 2


def main():
    ctx = get_context("spawn")
    with ctx.Pool(2) as pool:
        print(pool.map(shrink, [640, 800, 1024]))


if __name__ == "__main__":
    main()
