"""A block that is closed, but never unlinked, is leaked."""

from multiprocessing import Process
from multiprocessing.shared_memory import SharedMemory


def take_picture(picture):
    picture.buf[:5] = b"image"
    picture.close()


def main():
    picture = SharedMemory("picture", create=True, size=5)
    camera = Process(target=take_picture, args=(picture,))
    camera.start()
    camera.join()
    print("Received", bytes(picture.buf[:5]))
    picture.close()


if __name__ == "__main__":
    main()
