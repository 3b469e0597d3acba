"""Parent and worker map the same file, and see the same bytes."""

import mmap
import struct
from multiprocessing import Process
from tempfile import TemporaryDirectory

RECORD = struct.Struct("=id")


def measure(path):
    with open(path, "r+b") as file:
        with mmap.mmap(file.fileno(), 0) as memory:
            RECORD.pack_into(memory, 0, 7, 19.5)


def main():
    with TemporaryDirectory() as folder:
        path = f"{folder}/readings"
        with open(path, "x+b") as file:
            file.truncate(RECORD.size)
            with mmap.mmap(file.fileno(), 0) as memory:
                print("Before:", *RECORD.unpack_from(memory, 0))
                sensor = Process(target=measure, args=(path,))
                sensor.start()
                sensor.join()
                print("After: ", *RECORD.unpack_from(memory, 0))


if __name__ == "__main__":
    main()
