# /// script
# dependencies = ["h5py", "numpy"]
# ///
"""Each task reads one image, and the parent stores the result."""

import os
from multiprocessing import Pool

import h5py
import numpy as np


def open_file(path):
    global images
    images = h5py.File(path)["images"]


def edges(number):
    image = images[number].astype("i2")
    return abs(np.diff(image, prepend=image[:, :1]))


def main():
    with h5py.File("images.h5", "w") as file:
        shape = (3, 2, 4)
        chunk = (1, 2, 4)  # one image
        images = file.create_dataset(
            "images", shape, "u1", chunks=chunk
        )
        for number in range(3):
            images[number, :, number + 1 :] = 200
    with Pool(2, open_file, ["images.h5"]) as pool:
        with h5py.File("edges.h5", "w") as file:
            found = file.create_dataset("edges", shape, "u1")
            results = pool.imap(edges, range(3))
            for number, result in enumerate(results):
                found[number] = result
    with h5py.File("edges.h5") as file:
        for image in file["edges"]:
            print(image[0])
    os.unlink("images.h5")
    os.unlink("edges.h5")


if __name__ == "__main__":
    main()
