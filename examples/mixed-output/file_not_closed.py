"""A file that the worker leaves open is closed by nobody."""

import warnings
from multiprocessing import Process
from pathlib import Path
from tempfile import TemporaryDirectory


def pack(path):
    warnings.simplefilter("ignore", ResourceWarning)
    global report
    report = open(path, "w")
    report.write("apple packed")


def main():
    with TemporaryDirectory() as folder:
        path = Path(folder, "report.txt")
        packer = Process(target=pack, args=(path,))
        packer.start()
        packer.join()
        print("Exit code:", packer.exitcode)
        print("In the file:", repr(path.read_text()))


if __name__ == "__main__":
    main()
