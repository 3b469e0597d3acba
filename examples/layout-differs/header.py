"""A header says what is in the block; a reader looks at it first."""

from multiprocessing.shared_memory import SharedMemory
from struct import Struct

MAGIC, VERSION = b"visitors", 2
HEADER = Struct("=8sII")  # magic, version, size of the record
RECORD = Struct("=qqd")  # visitors, children, temperature
OLD_RECORD = Struct("=qd")  # visitors, temperature


def fill(block, *values):
    block.buf[:8] = bytes(8)  # first: now it is incomplete
    RECORD.pack_into(block.buf, HEADER.size, *values)
    HEADER.pack_into(block.buf, 0, bytes(8), VERSION, RECORD.size)
    block.buf[:8] = MAGIC  # last: now the block is complete


def read(block, version=VERSION, record=RECORD):
    if block.size < HEADER.size:
        raise ValueError(f"{block.size} bytes are no header")
    magic, *found = HEADER.unpack_from(block.buf)
    if magic != MAGIC:
        raise ValueError(f"incomplete, or another block: {magic}")
    if found != [version, record.size]:
        expected = [version, record.size]
        raise ValueError(f"version and size {found}, not {expected}")
    return record.unpack_from(block.buf, HEADER.size)


def show(block, *expected):
    try:
        print(read(block, *expected))
    except ValueError as error:
        print("ValueError:", error)


def main():
    size = HEADER.size + RECORD.size
    block = SharedMemory(create=True, size=size)
    try:
        show(block)
        fill(block, 120, 45, 21.5)
        show(block)
        show(block, 1, OLD_RECORD)
    finally:
        block.close()
        block.unlink()


if __name__ == "__main__":
    main()
