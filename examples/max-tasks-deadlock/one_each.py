"""With one task for each worker, the executor does not hang."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def shrink(width):
    return width // 2


def main():
    ctx = get_context("spawn")
    with ProcessPoolExecutor(1, ctx, max_tasks_per_child=1) as executor:
        widths = list(executor.map(shrink, range(640, 650)))
    print("Pictures done:", len(widths))


if __name__ == "__main__":
    main()
