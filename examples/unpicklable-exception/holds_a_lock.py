"""An exception that holds a lock hides what really went wrong."""

from multiprocessing import Pool
from multiprocessing.pool import MaybeEncodingError
from threading import Lock


class PrinterError(Exception):
    def __init__(self, message):
        super().__init__(message)
        self.lock = Lock()


def print_label(name):
    raise PrinterError(f"no paper for {name}")


def print_safely(name):
    try:
        print_label(name)
    except PrinterError as error:
        raise RuntimeError(repr(error)) from None


def main():
    with Pool(1) as pool:
        try:
            pool.map(print_label, ["Ada"])
        except MaybeEncodingError as error:
            print("MaybeEncodingError:", error)
        try:
            pool.map(print_safely, ["Ada"])
        except RuntimeError as error:
            print("RuntimeError:", error)


if __name__ == "__main__":
    main()
