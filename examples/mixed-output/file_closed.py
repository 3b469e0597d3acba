"""A with block closes the file, so all of it is written."""

from multiprocessing import Process
from pathlib import Path
from tempfile import TemporaryDirectory


def pack(path):
    with open(path, "w") as report:
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
