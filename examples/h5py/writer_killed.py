# /// script
# dependencies = ["h5py"]
# ///
"""A file is read before and after its writer is killed."""

import os
from multiprocessing import Pipe, Process

import h5py


def write(ready, swmr):
    with h5py.File("data.h5", "w", libver="latest") as file:
        file["north"] = [1.5, 2.5]
        if swmr:
            file.swmr_mode = True
        file.flush()
        ready.send(True)
        ready.recv()  # goes on until it is killed


def read(swmr):
    try:
        with h5py.File("data.h5", swmr=swmr) as file:
            print("  north:", file["north"][:])
    except OSError as error:
        print(f"  {type(error).__name__}: {error}")


def main():
    for swmr in False, True:
        ready, theirs = Pipe()
        writer = Process(target=write, args=[theirs, swmr])
        writer.start()
        theirs.close()
        ready.recv()
        print(f"swmr={swmr}, while it is written")
        read(swmr)
        writer.kill()
        writer.join()
        print(f"swmr={swmr}, after the writer is killed")
        read(swmr)
        ready.close()
    os.unlink("data.h5")


if __name__ == "__main__":
    main()
