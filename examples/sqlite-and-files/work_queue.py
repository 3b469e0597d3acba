"""Three workers take jobs from a table; each job is done once."""

import sqlite3
from contextlib import closing
from multiprocessing import Pool
from pathlib import Path
from tempfile import TemporaryDirectory

MAKE = """CREATE TABLE jobs (id INTEGER PRIMARY KEY, photo TEXT,
    state TEXT DEFAULT 'new', runs INTEGER DEFAULT 0)"""
TAKE = """UPDATE jobs SET state = 'taken' WHERE id =
    (SELECT id FROM jobs WHERE state = 'new') RETURNING photo, id"""
FINISH = """UPDATE jobs SET photo = ?, state = 'done',
    runs = runs + 1 WHERE id = ?"""
SHOW = "SELECT photo, state, runs FROM jobs"


def connect(path):
    db = sqlite3.connect(path, timeout=60, isolation_level=None)
    return closing(db)


def work(path):
    with connect(path) as db:
        while job := db.execute(TAKE).fetchall():
            photo, number = job[0]
            db.execute(FINISH, [photo.upper(), number])


def main():
    photos = [["beach"], ["bridge"], ["castle"], ["harbor"]]
    with TemporaryDirectory() as folder:
        path = Path(folder, "jobs.db")
        with connect(path) as db:
            db.execute(MAKE)
            db.executemany(
                "INSERT INTO jobs (photo) VALUES (?)", photos
            )
        with Pool(3) as pool:
            pool.map(work, [path] * 3, 1)
        with connect(path) as db:
            for row in db.execute(SHOW):
                print(*row)


if __name__ == "__main__":
    main()
