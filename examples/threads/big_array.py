# /// script
# dependencies = ["numpy"]
# ///
"""Two threads fill halves of an array of 80 MB: no copy."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np


def fill(part, value):
    part[:] = value
    return part


def main():
    numbers = np.zeros(10_000_000)
    first, second = np.split(numbers, 2)
    with ThreadPoolExecutor(2) as pool:
        filled = list(pool.map(fill, [first, second], [1.5, 2.5]))
    print("size in MB:", numbers.nbytes // 1_000_000)
    print("first and last:", numbers[0], numbers[-1])
    print("sum:", numbers.sum())
    for part in filled:
        print("no copy:", part.base is numbers)


if __name__ == "__main__":
    main()
