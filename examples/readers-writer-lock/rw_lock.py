"""A lock for many readers or one writer, freed with its holder."""

import fcntl
from contextlib import contextmanager
from tempfile import TemporaryDirectory


class RWLock:
    def __init__(self, path):
        self.path = path

    @contextmanager
    def held(self, how, whole=False):
        with open(self.path, "a+") as file:
            with open(f"{self.path}.next", "a") as first:
                fcntl.flock(first, fcntl.LOCK_EX)  # one is next
                fcntl.flock(file, how)
                fcntl.flock(first, fcntl.LOCK_UN)
            try:
                if file.seek(0, 2) and not whole:
                    raise RuntimeError("a writer failed: half written")
                yield file
            finally:
                fcntl.flock(file, fcntl.LOCK_UN)

    def reading(self):
        return self.held(fcntl.LOCK_SH)

    @contextmanager
    def writing(self, whole=False):
        with self.held(fcntl.LOCK_EX, whole) as file:
            print("half written", file=file, flush=True)
            yield
            file.truncate(0)  # not after an exception


def main():
    with TemporaryDirectory() as folder:
        lock = RWLock(f"{folder}/prices.lock")
        with lock.reading(), lock.reading():
            print("two readers")
        with lock.writing():
            print("one writer")


if __name__ == "__main__":
    main()
