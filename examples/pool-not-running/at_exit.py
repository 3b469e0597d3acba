"""An executor takes no tasks when the program is ending."""

import atexit
from concurrent.futures import ProcessPoolExecutor


def measure(executor):
    try:
        print("Distance:", executor.submit(abs, -3).result())
    except RuntimeError as error:
        print("RuntimeError:", error)


def main():
    executor = ProcessPoolExecutor(max_workers=1)
    atexit.register(measure, executor)
    print("main() ends")


if __name__ == "__main__":
    main()
