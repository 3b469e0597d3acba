"""An unlink() of your own makes the manager leave other blocks."""

from multiprocessing.managers import SharedMemoryManager
from multiprocessing.shared_memory import SharedMemory


def main():
    with SharedMemoryManager(("127.0.0.1", 0)) as manager:
        first = manager.SharedMemory(100)
        second = manager.SharedMemory(100)
        first.close()
        second.close()
        first.unlink()
    left = SharedMemory(second.name)
    print("The second block is still there")
    left.close()
    left.unlink()


if __name__ == "__main__":
    main()
