"""An initializer that raises makes the executor unusable."""

from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool


def main():
    with ProcessPoolExecutor(1, None, int, ("ten",)) as pool:
        future = pool.submit(len, "picture")
        try:
            future.result()
        except BrokenProcessPool as error:
            print("BrokenProcessPool:", error)


if __name__ == "__main__":
    main()
