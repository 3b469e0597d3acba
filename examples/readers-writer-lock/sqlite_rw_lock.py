"""The same lock in an SQLite file: on Windows, too, with a limit."""

from contextlib import closing, contextmanager
from pathlib import Path
from sqlite3 import OperationalError, connect
from tempfile import TemporaryDirectory


class RWLock:
    def __init__(self, path, limit=60):
        self.path, self.limit = path, limit
        self.half = Path(f"{path}.half")

    @contextmanager
    def held(self, *begin, whole=False):
        db = connect(
            self.path, timeout=self.limit, isolation_level=None
        )
        with closing(db):
            for statement in begin:
                db.execute(statement).fetchall()
            if self.half.exists() and not whole:
                raise RuntimeError("a writer failed: half written")
            yield

    def reading(self):
        return self.held("BEGIN", "SELECT * FROM sqlite_master")

    @contextmanager
    def writing(self, whole=False):
        with self.held("BEGIN EXCLUSIVE", whole=whole):
            self.half.touch()
            yield
            self.half.unlink()  # not after an exception


def main():
    with TemporaryDirectory() as folder:
        lock = RWLock(f"{folder}/prices.lock", limit=0.1)
        with lock.reading(), lock.reading():
            print("two readers")
            try:
                with lock.writing():
                    print("and a writer")
            except OperationalError as error:
                print("OperationalError:", error)


if __name__ == "__main__":
    main()
