"""A worker changes texts and numbers in a ShareableList."""

from multiprocessing import Process
from multiprocessing.managers import SharedMemoryManager


def change(order):
    order[0] = "café"
    order[1] += 2
    order.shm.close()


def main():
    with SharedMemoryManager() as manager:
        order = manager.ShareableList(["apple juice", 1, 3.0])
        clerk = Process(target=change, args=(order,))
        clerk.start()
        clerk.join()
        print(list(order))
        try:
            order[0] = "a text that is longer than its place"
        except ValueError as error:
            print("ValueError:", error)
        order.shm.close()


if __name__ == "__main__":
    main()
