"""A SharedMemoryManager unlinks its blocks by itself."""

from multiprocessing import Process
from multiprocessing.managers import SharedMemoryManager


def take_picture(picture):
    picture.buf[:5] = b"image"
    picture.close()


def main():
    with SharedMemoryManager() as manager:
        picture = manager.SharedMemory(5)
        camera = Process(target=take_picture, args=(picture,))
        camera.start()
        camera.join()
        print("Received", bytes(picture.buf[:5]))
        picture.close()


if __name__ == "__main__":
    main()
