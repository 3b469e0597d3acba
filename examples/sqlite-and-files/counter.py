"""Three processes count in one SQLite file; no update is lost."""

import signal
import sqlite3
import sys
from contextlib import closing
from multiprocessing import Process, active_children
from tempfile import TemporaryDirectory


def connect(path):
    db = sqlite3.connect(path, timeout=60, isolation_level=None)
    return closing(db)


def sell(path, tickets):
    with connect(path) as db:
        for _ in range(tickets):
            with db:  # COMMIT at its end, or ROLLBACK after an error
                db.execute("BEGIN IMMEDIATE")
                row = db.execute("SELECT sold FROM concert").fetchone()
                db.execute("UPDATE concert SET sold = ?", [row[0] + 1])


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    with TemporaryDirectory() as folder:
        path = f"{folder}/tickets.db"
        with connect(path) as db:
            db.execute("CREATE TABLE concert AS SELECT 0 AS sold")
        sellers = [Process(target=sell, args=(path, 10)) for _ in "ABC"]
        try:
            for seller in sellers:
                seller.start()
            for seller in sellers:
                seller.join()
                if code := seller.exitcode:
                    sys.exit(f"{seller.name}: exit code {code}")
        finally:
            for seller in active_children():
                seller.kill()
                seller.join()
        with connect(path) as db:
            (sold,) = db.execute("SELECT sold FROM concert").fetchone()
    print("Tickets sold by 3 sellers:", sold)


if __name__ == "__main__":
    main()
