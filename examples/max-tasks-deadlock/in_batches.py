"""A new executor for each batch gives new workers."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def shrink(width):
    return width // 2


def main():
    ctx = get_context("spawn")
    widths = []
    for start in range(640, 650, 5):
        batch = range(start, start + 5)
        with ProcessPoolExecutor(1, ctx) as executor:
            widths.extend(executor.map(shrink, batch))
    print("Pictures done:", len(widths))


if __name__ == "__main__":
    main()
