"""The name of the file is an argument, and the worker opens it."""

from multiprocessing import Process
from pathlib import Path
from tempfile import TemporaryDirectory


def work(path):
    with path.open("a") as log:
        log.write("ready\n")


def main():
    with TemporaryDirectory() as folder:
        path = Path(folder) / "shop.log"
        worker = Process(target=work, args=(path,))
        worker.start()
        worker.join()
        print("Log:", path.read_text().strip())


if __name__ == "__main__":
    main()
