"""An executor's workers are no daemons: a Pool fits inside."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool


def compress(part):
    return part // 2


def archive(sizes):
    with Pool(2) as inner:
        return sum(inner.map(compress, sizes))


def main():
    with ProcessPoolExecutor(2) as executor:
        print(list(executor.map(archive, [[10, 20], [30, 40]])))


if __name__ == "__main__":
    main()
