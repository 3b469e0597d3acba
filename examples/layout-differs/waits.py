"""A reader waits until the block is complete, up to a limit."""

import sys
from contextlib import suppress
from multiprocessing import Event, Process, resource_tracker
from multiprocessing.shared_memory import SharedMemory
from time import monotonic, sleep

from header import HEADER, MAGIC, RECORD, fill, read


def find(name, limit):
    end = monotonic() + limit
    while monotonic() < end:
        with suppress(FileNotFoundError, ValueError):
            block = SharedMemory(name)
            if bytes(block.buf[: len(MAGIC)]) == MAGIC:
                return block
            block.close()
        sleep(0.01)  # until the next look
    raise TimeoutError(f"{name} is not there, or not complete")


def write(name, is_read):
    size = HEADER.size + RECORD.size
    block = SharedMemory(name, create=True, size=size)
    try:
        fill(block, 120, 45, 21.5)
        is_read.wait(60)
    finally:
        block.close()
        block.unlink()


def main():
    if sys.platform != "win32":
        resource_tracker.ensure_running()  # one for both processes
    is_read = Event()
    Process(target=write, args=("visitors", is_read)).start()
    try:
        block = find("visitors", limit=60)
        print(read(block))
        block.close()
    finally:
        is_read.set()


if __name__ == "__main__":
    main()
