"""A task that runs twice is booked once, if its number is a key."""

import os
import signal
import sqlite3
import sys
import tempfile
from contextlib import closing

from one_try import Try


def book(task):
    path, order, number = task
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO added VALUES (?)", [order])
        db.execute("INSERT OR IGNORE INTO booked VALUES (?)", [order])
    if number == 1:
        os._exit(9)  # the worker is killed before it answers


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "orders.db")
        with closing(sqlite3.connect(path)) as db:
            db.execute("CREATE TABLE added (number)")
            db.execute("CREATE TABLE booked (number PRIMARY KEY)")
        for number in 1, 2:
            one = Try(book, (path, 4711, number), limit=60)
            try:
                is_done, result = one.outcome()
            finally:
                one.worker.kill()
                one.worker.join()
            print(f"try {number}:", is_done, result)
        if not is_done:
            sys.exit("not booked")
        with closing(sqlite3.connect(path)) as db:
            for table in "added", "booked":
                rows = db.execute(f"SELECT number FROM {table}")
                print(table, [number for (number,) in rows])


if __name__ == "__main__":
    main()
