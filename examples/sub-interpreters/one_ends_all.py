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
        print("first:", pool.submit(resize, "a.jpg").result())
        print("second:", pool.submit(resize, "b.jpg").result())


if __name__ == "__main__":
    main()
