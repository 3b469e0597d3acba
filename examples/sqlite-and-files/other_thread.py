"""A connection of another thread raises; one made in it works."""

import sqlite3
from contextlib import closing
from multiprocessing.pool import ThreadPool
from pathlib import Path
from tempfile import TemporaryDirectory


def total(db):
    return db.execute("SELECT sum(seats) FROM orders").fetchone()[0]


def total_of_file(path):
    with closing(sqlite3.connect(path)) as db:
        return total(db)


def main():
    with TemporaryDirectory() as folder, ThreadPool(1) as threads:
        path = Path(folder) / "shop.db"
        with closing(sqlite3.connect(path)) as db:
            db.execute("CREATE TABLE orders (seats)")
            db.execute("INSERT INTO orders VALUES (2), (5)")
            db.commit()
            try:
                threads.apply(total, [db])
            except sqlite3.ProgrammingError as error:
                print("ProgrammingError:", error)
        print("Own connection:", threads.apply(total_of_file, [path]))


if __name__ == "__main__":
    main()
