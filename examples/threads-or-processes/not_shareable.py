"""What an InterpreterPoolExecutor cannot hand to an interpreter."""

from concurrent import futures
from threading import Lock

BOX = "box"


def pack(item):
    return f"{item} in a {BOX}"


def submit(function, argument):
    with futures.InterpreterPoolExecutor(1) as pool:
        future = pool.submit(function, argument)
    error = future.exception()
    if error is None:
        print(future.result())
    while error is not None:
        print(f"{type(error).__name__}: {error}")
        error = error.__cause__


def main():
    if not hasattr(futures, "InterpreterPoolExecutor"):
        print("from Python 3.14 on")
        return
    submit(pack, "apple")
    submit(wrap, "pear")
    submit(print, Lock())


if __name__ == "__main__":

    def wrap(item):
        return f"{item} wrapped, in a {BOX}"

    main()
