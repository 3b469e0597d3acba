"""The process that made the block unlinks it, whatever happens."""

from multiprocessing import Process
from multiprocessing.shared_memory import SharedMemory


def take_picture(picture):
    picture.buf[:5] = b"image"
    picture.close()


def main():
    picture = SharedMemory("picture", create=True, size=5)
    try:
        camera = Process(target=take_picture, args=(picture,))
        camera.start()
        camera.join()
        print("Received", bytes(picture.buf[:5]))
    finally:
        picture.close()
        picture.unlink()


if __name__ == "__main__":
    main()
