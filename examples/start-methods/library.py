"""A library takes the context as a parameter."""

from multiprocessing import get_context


def shrink(width):
    return width // 2


def shrink_all(widths, ctx=None):
    ctx = ctx or get_context()
    with ctx.Pool(2) as pool:
        return pool.map(shrink, widths)


def main():
    print("The program's default:", shrink_all([640, 800]))
    ctx = get_context("spawn")
    print("The caller's choice:", shrink_all([640, 800], ctx))


if __name__ == "__main__":
    main()
