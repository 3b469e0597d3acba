"""A Value handed to Pool.map raises RuntimeError."""

from multiprocessing import Pool, Value


def download(done):
    with done.get_lock():
        done.value += 1


def main():
    done = Value("i", 0)
    with Pool(2) as pool:
        pool.map(download, [done, done, done])
    print("Downloads done:", done.value)


if __name__ == "__main__":
    main()
