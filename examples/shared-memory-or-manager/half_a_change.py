"""A worker ends in the middle of a change, in three kinds of memory."""

import os
import sqlite3
from contextlib import closing
from multiprocessing import Manager, Process, RawArray
from tempfile import TemporaryDirectory


def move_in_memory(crates):
    crates[0] -= 1
    os._exit(1)  # as if it were killed before crates[1] += 1


def move_in_database(path):
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    db.execute("UPDATE crates SET shop = shop - 1")
    os._exit(1)  # as if it were killed before the next UPDATE


def run(target, crates):
    worker = Process(target=target, args=[crates])
    worker.start()
    worker.join()


def main():
    crates = RawArray("i", [10, 0])
    run(move_in_memory, crates)
    print("Shared memory:", sum(crates), "of 10 crates")
    with Manager() as manager:
        crates = manager.list([10, 0])
        run(move_in_memory, crates)
        print("Manager:", sum(crates), "of 10 crates")
    with TemporaryDirectory() as folder:
        path = os.path.join(folder, "crates.db")
        with closing(sqlite3.connect(path)) as db:
            db.execute("CREATE TABLE crates AS SELECT 10 shop, 0 cart")
        run(move_in_database, path)
        with closing(sqlite3.connect(path)) as db:
            rows = db.execute("SELECT shop + cart FROM crates")
            print("SQLite:", *rows.fetchone(), "of 10 crates")


if __name__ == "__main__":
    main()
