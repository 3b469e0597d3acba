"""A worker writes into a block, and the parent reads it."""

from multiprocessing import Process
from multiprocessing.shared_memory import SharedMemory


def draw(picture):
    picture.buf[2:5] = b"###"
    picture.close()


def main():
    picture = SharedMemory(create=True, size=8)
    try:
        picture.buf[:8] = b"........"
        painter = Process(target=draw, args=(picture,))
        painter.start()
        painter.join()
        print(bytes(picture.buf[:8]))
    finally:
        picture.close()
        picture.unlink()


if __name__ == "__main__":
    main()
