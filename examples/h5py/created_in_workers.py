# /// script
# dependencies = ["h5py"]
# ///
"""Workers write into an HDF5 file that was open before the fork."""

import os
from multiprocessing import get_context

import h5py


def measure(file, sensor):
    file.create_dataset(sensor, data=[1.5, 2.5])
    file.flush()


def main():
    fork = get_context("fork")
    with h5py.File("measured.h5", "w") as file:
        for sensor in "north", "south":
            worker = fork.Process(target=measure, args=[file, sensor])
            worker.start()
            worker.join()
            print(sensor, "exit code", worker.exitcode)
    with h5py.File("measured.h5") as file:
        print("in the file:", list(file))
    os.unlink("measured.h5")


if __name__ == "__main__":
    main()
