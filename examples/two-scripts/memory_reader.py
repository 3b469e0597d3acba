"""A script that reads the block of another script, by its name."""

import sys
from multiprocessing import resource_tracker
from multiprocessing.shared_memory import SharedMemory
from struct import unpack_from


def attach(name):
    if sys.version_info >= (3, 13):
        return SharedMemory(name, track=False)
    block = SharedMemory(name)
    if sys.platform != "win32":
        resource_tracker.unregister(block._name, "shared_memory")
    return block


def main():
    try:
        block = attach("readings")
    except FileNotFoundError:
        sys.exit("No such block: start memory_writer.py first")
    print(unpack_from("2d", block.buf))
    block.close()


if __name__ == "__main__":
    main()
