"""One start at a time owns the block; a file has its name."""

from contextlib import contextmanager, suppress
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from tempfile import TemporaryDirectory

from owner_lock import locked


def remove_block(path):
    with suppress(FileNotFoundError):  # there is no file, or no block
        if name := path.read_text().strip():
            block = SharedMemory(name)
            block.close()
            block.unlink()


@contextmanager
def owned(path, data, limit):
    with locked(path.with_suffix(".lock"), limit):
        remove_block(path)  # of an owner that was killed
        block = SharedMemory(create=True, size=len(data))
        try:
            block.buf[: len(data)] = data
            path.write_text(f"{block.name}\n")  # now it is complete
            yield block
        finally:
            path.unlink(missing_ok=True)
            block.close()
            block.unlink()


def main():
    with TemporaryDirectory() as folder:
        path = Path(folder, "tickets.name")
        with owned(path, b"sold", limit=60) as block:
            print(path.read_text().strip() == block.name)
        print(path.exists())


if __name__ == "__main__":
    main()
