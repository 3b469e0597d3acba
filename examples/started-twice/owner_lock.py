"""A lock with a time limit, which the system frees with its holder."""

import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep

if sys.platform == "win32":
    import msvcrt

    def lock(file):
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def lock(file):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def locked(path, limit):
    end = monotonic() + limit
    with open(path, "a") as file:  # which is never removed
        while True:
            try:
                lock(file)
                break
            except (BlockingIOError, PermissionError) as error:
                if monotonic() > end:
                    reason = f"{path.name}: {error.strerror}"
                    raise TimeoutError(reason) from None
            sleep(0.1)  # until the next try
        yield


def main():
    with TemporaryDirectory() as folder:
        path = Path(folder, "tickets.lock")
        with locked(path, limit=1):
            print("locked")
            try:
                with locked(path, limit=1):
                    print("locked twice")
            except TimeoutError as error:
                print("TimeoutError:", error)


if __name__ == "__main__":
    main()
