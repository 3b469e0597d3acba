"""max_tasks_per_child stops an executor for ever in old versions."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def shrink(width):
    return width // 2


def main():
    print("Pictures to do: 10")
    ctx = get_context("spawn")
    with ProcessPoolExecutor(1, ctx, max_tasks_per_child=2) as executor:
        widths = list(executor.map(shrink, range(640, 650)))
    print("Pictures done:", len(widths))


if __name__ == "__main__":
    main()
