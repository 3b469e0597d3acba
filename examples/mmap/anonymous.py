"""An anonymous mapping, passed to a worker."""

import mmap
from multiprocessing import Process


def write(memory):
    memory[:5] = b"ready"


def main():
    with mmap.mmap(-1, 5) as memory:
        worker = Process(target=write, args=(memory,))
        try:
            worker.start()
        except TypeError as error:
            print("TypeError:", error)
        else:
            worker.join()
        print(memory[:])


if __name__ == "__main__":
    main()
