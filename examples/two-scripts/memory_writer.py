"""A script that keeps numbers in a block of memory that has a name."""

import signal
import sys
from array import array
from multiprocessing.shared_memory import SharedMemory


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    readings = array("d", [25.5, 12.0]).tobytes()
    block = SharedMemory("readings", create=True, size=len(readings))
    try:
        block.buf[: len(readings)] = readings
        print("The block is there; Enter ends it", flush=True)
        sys.stdin.readline()
    finally:
        block.close()
        block.unlink()


if __name__ == "__main__":
    main()
