"""Tasks of a Pool get the block as an argument."""

from multiprocessing import Pool
from multiprocessing.managers import SharedMemoryManager


def brighten(picture, row):
    start = row * 4
    for pixel in range(start, start + 4):
        picture.buf[pixel] += 100


def main():
    with SharedMemoryManager() as manager, Pool(2) as pool:
        picture = manager.SharedMemory(40)
        picture.buf[:40] = bytes(range(40))
        rows = [(picture, row) for row in range(10)]
        pool.starmap(brighten, rows)
        print(list(picture.buf[:40:13]))
        picture.close()


if __name__ == "__main__":
    main()
