"""A worker packs records as bytes into a SharedMemory block."""

import struct
import sys
from multiprocessing import Process
from multiprocessing.shared_memory import SharedMemory

ORDER = struct.Struct("=16sid")


def fill(block, orders):
    for place, (item, crates, price) in enumerate(orders):
        start = place * ORDER.size
        ORDER.pack_into(block.buf, start, item.encode(), crates, price)
    block.close()


def main():
    orders = [("apple", 4, 3.0), ("café", 1, 9.5)]
    block = SharedMemory(create=True, size=len(orders) * ORDER.size)
    try:
        clerk = Process(target=fill, args=(block, orders))
        clerk.start()
        clerk.join()
        if clerk.exitcode:
            sys.exit(f"{clerk.name}: exit code {clerk.exitcode}")
        for place in range(len(orders)):
            start = place * ORDER.size
            item, crates, price = ORDER.unpack_from(block.buf, start)
            print(item.rstrip(b"\0").decode(), crates, price)
    finally:
        block.close()
        block.unlink()


if __name__ == "__main__":
    main()
