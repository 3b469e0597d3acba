"""Two workers with two tasks each do four tasks, not a fifth."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def shrink(width):
    return width // 2


def main():
    ctx = get_context("spawn")
    for tasks in [4, 5]:
        with ProcessPoolExecutor(2, ctx, max_tasks_per_child=2) as pool:
            widths = list(pool.map(shrink, range(640, 640 + tasks)))
        print("Pictures done:", len(widths))


if __name__ == "__main__":
    main()
