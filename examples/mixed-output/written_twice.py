"""What the parent had not flushed is written again by the child."""

from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory


def pack(report):
    report.write("apple packed. ")
    report.flush()


def main():
    with TemporaryDirectory() as folder:
        path = Path(folder, "report.txt")
        with open(path, "w") as report:
            report.write("Orders: ")
            fork = get_context("fork")
            packer = fork.Process(target=pack, args=(report,))
            packer.start()
            packer.join()
        print("In the file:", repr(path.read_text()))


if __name__ == "__main__":
    main()
