"""A Value handed to an executor raises the same RuntimeError."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Value


def download(done):
    with done.get_lock():
        done.value += 1


def main():
    done = Value("i", 0)
    with ProcessPoolExecutor(2) as executor:
        try:
            executor.submit(download, done).result()
        except RuntimeError as error:
            print("RuntimeError:", error)
    print("Downloads done:", done.value)


if __name__ == "__main__":
    main()
