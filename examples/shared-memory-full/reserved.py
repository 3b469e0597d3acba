"""A block whose memory is reserved at once, or not made at all."""

import os
from multiprocessing.shared_memory import SharedMemory
from shutil import disk_usage


def reserve(size):
    block = SharedMemory(create=True, size=size)
    try:
        os.posix_fallocate(block._fd, 0, size)
    except OSError:
        block.close()
        block.unlink()
        raise
    return block


def main():
    frames = reserve(1000)
    frames.buf[0] = 255
    print("Written:", frames.buf[0])
    frames.close()
    frames.unlink()
    try:
        reserve(2 * disk_usage("/dev/shm").total)
    except OSError as error:
        print("OSError:", error)


if __name__ == "__main__":
    main()
