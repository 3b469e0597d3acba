"""Pool.map waits forever for a worker that was killed."""

import os
from multiprocessing import Pool


def resize(photo):
    if photo == "huge.jpg":
        os._exit(1)
    return f"{photo} resized"


def main():
    with Pool(2) as pool:
        print("Resizing")
        print(pool.map(resize, ["small.jpg", "huge.jpg"]))


if __name__ == "__main__":
    main()
