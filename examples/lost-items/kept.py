"""A program is killed; started again, it does what is left."""

import os
import sqlite3
import tempfile
from contextlib import closing
from multiprocessing import Process

from acknowledged import answers

NEW = "SELECT name FROM orders WHERE weight IS NULL"
DONE = "UPDATE orders SET weight = ? WHERE name = ?"


def weigh(order, number):
    return f"{len(order)} kg"


def weigh_all(path, folder, run):
    tempfile.tempdir = folder  # who is killed cannot tidy up
    with closing(sqlite3.connect(path)) as db:
        left = [name for (name,) in db.execute(NEW)]
        with closing(answers(weigh, left, 1)) as weighed:
            for name, weight in weighed:
                with db:
                    db.execute(DONE, (weight, name))
                if run == 1:
                    os._exit(9)  # the program is killed


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "orders.db")
        with closing(sqlite3.connect(path)) as db, db:
            db.execute("CREATE TABLE orders (name PRIMARY KEY, weight)")
            rows = [("apple",), ("glass",), ("plum",)]
            db.executemany("INSERT INTO orders (name) VALUES (?)", rows)
        for run in 1, 2:
            args = path, folder, run
            program = Process(target=weigh_all, args=args)
            program.start()
            program.join()
            with closing(sqlite3.connect(path)) as db:
                left = len(db.execute(NEW).fetchall())
            print(f"run {run}: exit {program.exitcode}, left {left}")


if __name__ == "__main__":
    main()
