# /// script
# dependencies = ["numpy"]
# ///
"""A ShareableList takes a float, but not a number of NumPy's."""

from multiprocessing.shared_memory import ShareableList

import numpy as np


def main():
    mean = np.mean([20.0, 23.0])
    sensor = ShareableList(["kitchen", 0.0])
    try:
        try:
            sensor[1] = mean
        except KeyError as error:
            print("KeyError:", error)
        sensor[1] = float(mean)
        print(list(sensor))
    finally:
        sensor.shm.close()
        sensor.shm.unlink()


if __name__ == "__main__":
    main()
