"""A replaced sys.stderr gives -1 as its file descriptor."""

import io
import sys
from multiprocessing.managers import SharedMemoryManager


class Window(io.StringIO):
    def fileno(self):
        return -1


def share():
    with SharedMemoryManager() as manager:
        block = manager.SharedMemory(size=4)
        print("Shared:", block.size >= 4)


def main():
    sys.stderr = Window()
    try:
        share()
    except ValueError as error:
        print("ValueError:", error)
    finally:
        sys.stderr = sys.__stderr__
    share()


if __name__ == "__main__":
    main()
