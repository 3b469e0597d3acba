"""A mapped file on disk takes no room in /dev/shm."""

from mmap import mmap
from multiprocessing import Process
from pathlib import Path
from tempfile import TemporaryDirectory


def record(path):
    with open(path, "r+b") as file, mmap(file.fileno(), 0) as frames:
        frames[:5] = b"image"


def main():
    with TemporaryDirectory() as folder:
        path = Path(folder, "frames")
        path.write_bytes(bytes(1000))
        worker = Process(target=record, args=(path,))
        worker.start()
        worker.join()
        print(path.read_bytes()[:5])


if __name__ == "__main__":
    main()
