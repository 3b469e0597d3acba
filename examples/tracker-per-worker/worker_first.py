"""A worker forked before the first block gets a tracker of its own."""

from multiprocessing import Pool
from multiprocessing.shared_memory import SharedMemory


def add_up(name):
    image = SharedMemory(name)
    try:
        return sum(image.buf[:3])
    finally:
        image.close()


def main():
    with Pool(1) as pool:
        image = SharedMemory("image", create=True, size=3)
        try:
            image.buf[:3] = bytes([10, 20, 30])
            print("Sum:", pool.apply(add_up, (image.name,)))
        finally:
            image.close()
            image.unlink()


if __name__ == "__main__":
    main()
