"""A write to mapped memory with nothing behind it kills the worker."""

import faulthandler
from mmap import mmap
from multiprocessing import Process
from pathlib import Path
from signal import Signals
from tempfile import TemporaryDirectory


def record(path):
    faulthandler.disable()
    with open(path, "r+b") as file, mmap(file.fileno(), 0) as frames:
        file.truncate(0)
        print("Writing")
        frames[0] = 255
        print("Written")


def main():
    with TemporaryDirectory() as folder:
        path = Path(folder, "frames")
        path.write_bytes(bytes(1000))
        worker = Process(target=record, args=(path,))
        worker.start()
        worker.join()
        print("Killed by", Signals(-worker.exitcode).name)


if __name__ == "__main__":
    main()
