"""A broken executor keeps old results and takes no new tasks."""

import os
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool


def resize(photo):
    if photo == "huge.jpg":
        os._exit(1)
    return f"{photo} resized"


def main():
    with ProcessPoolExecutor(1) as executor:
        small = executor.submit(resize, "small.jpg")
        print(small.result())
        for photo in ["huge.jpg", "wide.jpg"]:
            try:
                print(executor.submit(resize, photo).result())
            except BrokenProcessPool as error:
                print(f"{photo}: {error}")
        print(small.result())


if __name__ == "__main__":
    main()
