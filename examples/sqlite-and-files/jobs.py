"""A table of jobs: a worker takes one, does it, writes the result."""

import os
import sqlite3
from contextlib import closing
from multiprocessing import parent_process
from tempfile import TemporaryDirectory
from threading import Thread

MAKE = """CREATE TABLE IF NOT EXISTS jobs (id INTEGER PRIMARY KEY,
    photo TEXT, state TEXT DEFAULT 'new', runs INTEGER DEFAULT 0)"""
ADD = "INSERT INTO jobs (photo) VALUES (?)"
TAKE = """UPDATE jobs SET state = 'taken' WHERE id =
    (SELECT id FROM jobs WHERE state = 'new') RETURNING photo, id"""
FINISH = """UPDATE jobs SET photo = ?, state = 'done',
    runs = runs + 1 WHERE id = ?"""
RESET = "UPDATE jobs SET state = 'new' WHERE state = 'taken'"
SHOW = "SELECT photo, state, runs FROM jobs"


def connect(path):
    db = sqlite3.connect(path, timeout=60, isolation_level=None)
    return closing(db)


def work(path):
    with connect(path) as db:
        while job := db.execute(TAKE).fetchall():
            photo, number = job[0]
            db.execute(FINISH, [photo.upper(), number])


def end_with_parent():
    parent_process().join()
    os._exit(1)


def run_worker(path):
    Thread(target=end_with_parent, daemon=True).start()
    work(path)


def main():
    with TemporaryDirectory() as folder:
        path = f"{folder}/jobs.db"
        with connect(path) as db:
            db.execute(MAKE)
            db.execute(ADD, ["beach"])
            work(path)
            print(*db.execute(SHOW).fetchone())


if __name__ == "__main__":
    main()
