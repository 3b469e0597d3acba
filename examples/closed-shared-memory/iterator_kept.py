"""A block is closed while an iterator still reads from it."""

import struct
from multiprocessing.shared_memory import SharedMemory


def main():
    block = SharedMemory(create=True, size=8)
    struct.pack_into("ii", block.buf, 0, 20, 21)
    numbers = struct.iter_unpack("i", block.buf)
    print("First:", next(numbers)[0])
    try:
        block.close()
    except BufferError as error:
        print("BufferError:", error)
    del numbers
    block.close()
    block.unlink()


if __name__ == "__main__":
    main()
