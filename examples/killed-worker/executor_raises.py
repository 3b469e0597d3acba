"""An executor raises BrokenProcessPool when a worker is killed."""

import os
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool


def resize(photo):
    if photo == "huge.jpg":
        os._exit(1)
    return f"{photo} resized"


def main():
    with ProcessPoolExecutor(2) as executor:
        print("Resizing")
        try:
            print(list(executor.map(resize, ["small.jpg", "huge.jpg"])))
        except BrokenProcessPool as error:
            print("BrokenProcessPool:", error)


if __name__ == "__main__":
    main()
