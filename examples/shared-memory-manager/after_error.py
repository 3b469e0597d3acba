"""An error in the with block leaves no block behind."""

from multiprocessing.managers import SharedMemoryManager
from multiprocessing.shared_memory import SharedMemory


def main():
    try:
        with SharedMemoryManager() as manager:
            picture = manager.SharedMemory(100)
            name = picture.name
            picture.close()
            raise ValueError("not a picture")
    except ValueError as error:
        print("ValueError:", error)
    try:
        SharedMemory(name)
    except FileNotFoundError:
        print("The block is gone")


if __name__ == "__main__":
    main()
