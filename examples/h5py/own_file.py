# /// script
# dependencies = ["h5py"]
# ///
"""Each worker opens the file to read, and only the parent writes."""

import os
from multiprocessing import Pool

import h5py


def open_file(path):
    global measured
    measured = h5py.File(path)


def average(sensor):
    return sensor, measured[sensor][:].mean()


def main():
    with h5py.File("measured.h5", "w") as file:
        file["north"] = [1.5, 2.5]
        file["south"] = [3.5, 4.5]
        sensors = list(file)
    # It is closed here, before the workers start.
    with Pool(2, open_file, ["measured.h5"]) as pool:
        with h5py.File("averages.h5", "w") as file:
            for sensor, value in pool.imap(average, sensors):
                file[sensor] = value
    with h5py.File("averages.h5") as file:
        for sensor in file:
            print(sensor, file[sensor][()])
    os.unlink("measured.h5")
    os.unlink("averages.h5")


if __name__ == "__main__":
    main()
