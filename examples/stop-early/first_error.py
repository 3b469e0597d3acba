"""After the first error, tasks that have not begun are canceled."""

from concurrent.futures import (
    FIRST_EXCEPTION,
    ProcessPoolExecutor,
    wait,
)


def load(page):
    if page == 0:
        raise ValueError(f"page {page} is empty")
    return page


def main():
    with ProcessPoolExecutor(1) as executor:
        tasks = [executor.submit(load, page) for page in range(100)]
        done, _ = wait(tasks, return_when=FIRST_EXCEPTION)
        executor.shutdown(wait=True, cancel_futures=True)
    errors = [task.exception() for task in done]
    print("first error:", next(filter(None, errors)))
    print("all done:", all(task.done() for task in tasks))


if __name__ == "__main__":
    main()
