# /// script
# dependencies = ["numpy"]
# ///

"""Little work on much data, and much work on little data."""

from multiprocessing import Barrier, Pool
from time import perf_counter

import numpy


def brightness(photo):
    return int(photo.max())


def sharpness(photo):
    for _ in range(2_000):
        photo = numpy.sort(photo)
    return int(photo[-1])


def milliseconds(function, *arguments):
    started = perf_counter()
    function(*arguments)
    return (perf_counter() - started) * 1000


def main():
    big = [numpy.ones(4_000_000, "uint8") for _ in range(8)]
    small = [numpy.ones(4_000, "uint8") for _ in range(8)]
    with Pool(2, Barrier(2).wait) as pool:
        pool.map(brightness, small)  # both workers have met
        for work, photos in (brightness, big), (sharpness, small):
            loop = milliseconds(list, map(work, photos))
            pooled = milliseconds(pool.map, work, photos, 1)
            print(f"{work.__name__} of {photos[0].size} pixels")
            print(f"  in a loop: {loop:.3f} ms")
            print(f"  in a pool: {pooled:.3f} ms")


if __name__ == "__main__":
    main()
