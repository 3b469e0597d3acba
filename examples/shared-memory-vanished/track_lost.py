"""track=False does not go along when a block is passed to a child."""

from multiprocessing import Process
from multiprocessing.shared_memory import SharedMemory


def read(image):
    print("Reader sees", bytes(image.buf[:5]))
    image.close()


def main():
    image = SharedMemory("image", create=True, size=5, track=False)
    try:
        image.buf[:5] = b"photo"
        reader = Process(target=read, args=(image,))
        reader.start()
        reader.join()
    finally:
        image.close()
        image.unlink()


if __name__ == "__main__":
    main()
