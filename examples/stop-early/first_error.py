"""After the first error, tasks that have not begun are canceled."""

from concurrent.futures import FIRST_EXCEPTION, wait
from concurrent.futures import ProcessPoolExecutor as Executor
from time import sleep


def load(page):
    if page == 0:
        raise ValueError(f"page {page} is empty")
    sleep(0.1)  # the page is loaded
    return page


def main():
    with Executor(1) as executor:
        tasks = [executor.submit(load, page) for page in range(100)]
        wait(tasks, return_when=FIRST_EXCEPTION)
        executor.shutdown(cancel_futures=True)
    print("first error:", tasks[0].exception())
    print("the last one was canceled:", tasks[-1].cancelled())


if __name__ == "__main__":
    main()
