"""One start at a time owns the block; a file has its name."""

import sys
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker, shared_memory
from pathlib import Path
from tempfile import TemporaryDirectory

from owner_lock import locked


def untracked(name=None, new=False, size=0):
    if sys.version_info >= (3, 13):
        return shared_memory.SharedMemory(name, new, size, track=False)
    block = shared_memory.SharedMemory(name, new, size)
    if sys.platform != "win32":
        resource_tracker.unregister(block._name, "shared_memory")
    return block


def remove_block(path):
    with suppress(FileNotFoundError):  # there is no file, or no block
        if name := path.read_text().strip():
            block = shared_memory.SharedMemory(name)
            block.close()
            block.unlink()


@contextmanager
def owned(path, data, limit):
    with locked(path.with_suffix(".lock"), limit):
        remove_block(path)  # of an owner that was killed
        block = shared_memory.SharedMemory(create=True, size=len(data))
        try:
            block.buf[: len(data)] = data
            path.write_text(f"{block.name}\n")  # now it is complete
            yield block
        finally:
            block.unlink()
            path.unlink(missing_ok=True)
            block.close()


def main():
    with TemporaryDirectory() as folder:
        path = Path(folder, "tickets.name")
        with owned(path, b"sold", limit=60) as block:
            print(path.read_text().strip() == block.name)


if __name__ == "__main__":
    main()
