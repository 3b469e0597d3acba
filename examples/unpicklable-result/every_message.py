"""What an executor says of results that cannot be pickled."""

import threading
from concurrent.futures import ProcessPoolExecutor


def make_lock():
    return threading.Lock()


def make_generator():
    return (price for price in [3, 8, 4])


def make_lambda():
    return lambda price: price * 2


def main():
    with ProcessPoolExecutor(1) as executor:
        for job in [make_lock, make_generator, make_lambda]:
            try:
                executor.submit(job).result()
            except Exception as error:
                print(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
