"""Four workers add to a number in a mapped file, under a Lock."""

import mmap
import struct
from multiprocessing import Lock, Process
from tempfile import TemporaryDirectory

COUNT = struct.Struct("=q")


def sell(path, tickets, lock):
    with open(path, "r+b") as file:
        with mmap.mmap(file.fileno(), 0) as memory:
            for _ in range(tickets):
                with lock:
                    (sold,) = COUNT.unpack_from(memory, 0)
                    COUNT.pack_into(memory, 0, sold + 1)


def main():
    lock = Lock()
    with TemporaryDirectory() as folder:
        path = f"{folder}/sold"
        with open(path, "wb") as file:
            file.write(COUNT.pack(0))
        sellers = [
            Process(target=sell, args=(path, 25, lock))
            for _ in range(4)
        ]
        for seller in sellers:
            seller.start()
        for seller in sellers:
            seller.join()
        with open(path, "rb") as file:
            print("Tickets sold:", *COUNT.unpack(file.read()))


if __name__ == "__main__":
    main()
