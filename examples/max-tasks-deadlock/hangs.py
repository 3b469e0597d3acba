"""With max_tasks_per_child, an executor can wait forever."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def resize(photo):
    return photo * 100


def main():
    executor = ProcessPoolExecutor(
        1, mp_context=get_context("spawn"), max_tasks_per_child=2
    )
    with executor:
        tasks = [executor.submit(resize, photo) for photo in range(10)]
        print("first", tasks[0].result())
        print("sum", sum(task.result() for task in tasks))


if __name__ == "__main__":
    main()
