# /// script
# dependencies = ["numpy"]
# ///
"""An array passed as an argument is a copy: the change is not seen."""

from multiprocessing import Pool

import numpy as np


def brighten(image):
    image += 50
    return int(image.max())


def main():
    images = [np.full((400, 600), 100, np.uint8) for _ in range(4)]
    with Pool(2) as pool:
        print("Seen by the workers:", pool.map(brighten, images))
    print("In the parent:", [int(image.max()) for image in images])


if __name__ == "__main__":
    main()
