# /// script
# requires-python = ">=3.14"
# ///
"""os._exit() in one interpreter, as a crash would, ends the program."""

import os
from concurrent.futures import InterpreterPoolExecutor


def resize(photo):
    if photo == "b.jpg":
        os._exit(3)
    return photo


def main():
    with InterpreterPoolExecutor(2) as pool:
        for photo in "a.jpg", "b.jpg":
            result = pool.submit(resize, photo).result()
            print(result, flush=True)


if __name__ == "__main__":
    main()
