"""From Python 3.15 on, the server can warn of what it cannot import."""

import multiprocessing
import os
from multiprocessing import Process
from tempfile import TemporaryFile


def work():
    print("The child works", flush=True)


def main():
    preload = multiprocessing.set_forkserver_preload
    try:
        preload(["__main__", "misspelled"], on_error="warn")
        preload(["__main__"], on_error="loudly")
    except (TypeError, ValueError) as error:
        print(f"{type(error).__name__}: {error}")
    with TemporaryFile("w+") as said:
        os.dup2(said.fileno(), 2)  # all that goes to standard error
        child = Process(target=work)
        child.start()
        child.join()
        said.seek(0)
        for line in said:
            if "Warning: " in line:
                print("The server:", line.split(": ", 1)[1], end="")


if __name__ == "__main__":
    main()
