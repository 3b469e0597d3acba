"""A child that unregisters a block takes it off its parent's list."""

from multiprocessing import Process, resource_tracker
from multiprocessing.shared_memory import SharedMemory


def read(name):
    image = SharedMemory(name)
    resource_tracker.unregister(image._name, "shared_memory")
    print("Reader sees", bytes(image.buf[:5]))
    image.close()


def main():
    image = SharedMemory("image", create=True, size=5)
    try:
        image.buf[:5] = b"photo"
        reader = Process(target=read, args=(image.name,))
        reader.start()
        reader.join()
    finally:
        image.close()
        image.unlink()


if __name__ == "__main__":
    main()
