"""A pool that nobody closes is reported, if warnings are shown."""

import warnings
from multiprocessing import Pool

warnings.simplefilter("default", ResourceWarning)


def main():
    pool = Pool(1)
    print(pool.map(abs, [-1, -2]))


if __name__ == "__main__":
    main()
