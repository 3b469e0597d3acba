"""At the end of the with block, all blocks of the manager are gone."""

from multiprocessing.managers import SharedMemoryManager
from multiprocessing.shared_memory import SharedMemory


def main():
    with SharedMemoryManager() as manager:
        picture = manager.SharedMemory(100)
        name = picture.name
        again = SharedMemory(name)
        print("Attached in the with block")
        again.close()
        picture.close()
    try:
        SharedMemory(name)
    except FileNotFoundError as error:
        print("FileNotFoundError:", error.strerror)


if __name__ == "__main__":
    main()
