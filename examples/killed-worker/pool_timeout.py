"""With a timeout, a Pool does not wait forever for a killed worker."""

import os
from multiprocessing import Pool, TimeoutError


def resize(photo):
    if photo == "huge.jpg":
        os._exit(1)
    return f"{photo} resized"


def main():
    photos = ["small.jpg", "huge.jpg"]
    with Pool(2) as pool:
        resized = [
            pool.apply_async(resize, [photo]) for photo in photos
        ]
        for photo, result in zip(photos, resized, strict=True):
            try:
                print(result.get(timeout=4))
            except TimeoutError:
                print(photo, "gave no answer in 4 seconds")


if __name__ == "__main__":
    main()
