"""Tasks of a Pool get the block as an argument."""

from multiprocessing import Pool
from multiprocessing.managers import SharedMemoryManager


def brighten(picture, row):
    start = row * 4
    for pixel in range(start, start + 4):
        picture.buf[pixel] += 100
    picture.close()


def main():
    with SharedMemoryManager() as manager, Pool(2) as pool:
        picture = manager.SharedMemory(12)
        picture.buf[:12] = bytes(range(12))
        rows = [(picture, row) for row in range(3)]
        pool.starmap(brighten, rows)
        print(list(picture.buf[:12]))
        picture.close()


if __name__ == "__main__":
    main()
