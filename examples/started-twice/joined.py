"""The first start creates the block, and the last one removes it."""

import fcntl
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from owner import remove_block, untracked
from owner_lock import locked


def is_alone(users):
    with suppress(BlockingIOError):
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


@contextmanager
def joined(path, size):
    with open(path.with_suffix(".users"), "a+") as users:
        with locked(path.with_suffix(".lock"), limit=10):
            if is_alone(users):
                remove_block(path)  # if all that had it were killed
                block = untracked(None, True, size)
                path.write_text(f"{block.name}\n")
            else:
                block = untracked(path.read_text().strip())
            fcntl.flock(users, fcntl.LOCK_SH)  # as long as it runs
        try:
            yield block
        finally:
            with locked(path.with_suffix(".lock"), limit=10):
                if is_alone(users):
                    remove_block(path)
                fcntl.flock(users, fcntl.LOCK_UN)
            block.close()


def main():
    with TemporaryDirectory() as folder:
        path = Path(folder, "tickets.name")
        with joined(path, 8) as one, joined(path, 8) as other:
            print(one.name == other.name)


if __name__ == "__main__":
    main()
