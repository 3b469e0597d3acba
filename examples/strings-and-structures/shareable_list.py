"""A worker changes texts and numbers in a ShareableList."""

import sys
from multiprocessing import Process
from multiprocessing.shared_memory import ShareableList


def change(order):
    order[0] = "café"
    order[1] += 2
    order.shm.close()


def main():
    order = ShareableList(["apple juice", 1, 3.0])
    try:
        clerk = Process(target=change, args=(order,))
        clerk.start()
        clerk.join()
        if clerk.exitcode:
            sys.exit(f"{clerk.name}: exit code {clerk.exitcode}")
        print(list(order))
        order[0] = "a text that is longer than its place"
    except ValueError as error:
        print("ValueError:", error)
    finally:
        order.shm.close()
        order.shm.unlink()


if __name__ == "__main__":
    main()
