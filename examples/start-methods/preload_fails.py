"""From Python 3.15 on, the server can warn of what it cannot import."""

import multiprocessing
from multiprocessing import Process


def work():
    print("The child works")


def main():
    preload = multiprocessing.set_forkserver_preload
    try:
        preload(["__main__", "misspelled"], on_error="warn")
        preload(["__main__"], on_error="loudly")
    except (TypeError, ValueError) as error:
        print(f"{type(error).__name__}: {error}")
    child = Process(target=work)
    child.start()
    child.join()


if __name__ == "__main__":
    main()
