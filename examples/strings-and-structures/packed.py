"""A worker packs records as bytes into a SharedMemory block."""

import struct
from multiprocessing import Process
from multiprocessing.managers import SharedMemoryManager

ORDER = struct.Struct("=16sid")


def fill(block, orders):
    for place, (item, crates, price) in enumerate(orders):
        start = place * ORDER.size
        ORDER.pack_into(block.buf, start, item.encode(), crates, price)
    block.close()


def main():
    orders = [("apple", 4, 3.0), ("café", 1, 9.5)]
    with SharedMemoryManager() as manager:
        block = manager.SharedMemory(len(orders) * ORDER.size)
        clerk = Process(target=fill, args=(block, orders))
        clerk.start()
        clerk.join()
        for place in range(len(orders)):
            item, crates, price = ORDER.unpack_from(
                block.buf, place * ORDER.size
            )
            print(item.rstrip(b"\0").decode(), crates, price)
        block.close()


if __name__ == "__main__":
    main()
