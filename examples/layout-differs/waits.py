"""A reader waits until the block is complete, up to a limit."""

import sys
from contextlib import suppress
from multiprocessing import resource_tracker
from multiprocessing.shared_memory import SharedMemory
from subprocess import PIPE, Popen
from time import monotonic, sleep

from header import HEADER, MAGIC, RECORD, fill, read


def attach(name):
    if sys.version_info >= (3, 13):
        return SharedMemory(name, track=False)
    block = SharedMemory(name)
    if sys.platform != "win32":
        resource_tracker.unregister(block._name, "shared_memory")
    return block


def find(name, limit):
    end = monotonic() + limit
    while True:
        with suppress(FileNotFoundError, ValueError):
            block = attach(name)
            if bytes(block.buf[: len(MAGIC)]) == MAGIC:
                return block
            block.close()
        if monotonic() > end:
            raise TimeoutError(f"{name} is missing or not complete")
        sleep(0.01)  # until the next look


def write(name):
    size = HEADER.size + RECORD.size
    block = SharedMemory(name, create=True, size=size)
    fill(block, 120, 45, 21.5)
    sys.stdin.read()  # until the reader has read
    block.close()
    block.unlink()


def main():
    with Popen([sys.executable, __file__, "visitors"], stdin=PIPE):
        block = find("visitors", limit=60)
        print(read(block))
        block.close()


if __name__ == "__main__":
    write(sys.argv[1]) if len(sys.argv) > 1 else main()
