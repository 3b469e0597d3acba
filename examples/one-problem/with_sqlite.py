"""SQLite: rows of a database, which does the locking itself."""

import sqlite3
from contextlib import closing
from multiprocessing import Process
from pathlib import Path
from tempfile import TemporaryDirectory

BASKETS = ["milk bread milk", "tea milk", "milk bread", "tea tea milk"]
ADD_ONE = "UPDATE totals SET pieces = pieces + 1 WHERE product = ?"


def count(basket, path):
    with closing(sqlite3.connect(path)) as db, db:
        for product in basket.split():
            db.execute(ADD_ONE, [product])


def main():
    with TemporaryDirectory() as folder:
        path = Path(folder, "totals.db")
        with closing(sqlite3.connect(path)) as db, db:
            db.execute("CREATE TABLE totals (product, pieces)")
            rows = [("bread", 0), ("milk", 0), ("tea", 0)]
            db.executemany("INSERT INTO totals VALUES (?, ?)", rows)
        workers = [
            Process(target=count, args=(basket, path))
            for basket in BASKETS
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        with closing(sqlite3.connect(path)) as db:
            print("Sold:", dict(db.execute("SELECT * FROM totals")))


if __name__ == "__main__":
    main()
