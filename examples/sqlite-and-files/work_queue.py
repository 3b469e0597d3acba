"""Three workers take jobs from a table; each job is done once."""

import sqlite3
from contextlib import closing
from multiprocessing import Process
from pathlib import Path
from tempfile import TemporaryDirectory


def connect(path):
    db = sqlite3.connect(path, timeout=60, isolation_level=None)
    return closing(db)


def take_job(db):
    db.execute("BEGIN IMMEDIATE")
    job = db.execute(
        "SELECT id, photo FROM jobs WHERE state = 'new' LIMIT 1"
    ).fetchone()
    if job:
        db.execute(
            "UPDATE jobs SET state = 'taken' WHERE id = ?", job[:1]
        )
    db.execute("COMMIT")
    return job


def work(path):
    with connect(path) as db:
        while job := take_job(db):
            number, photo = job
            db.execute(
                "UPDATE jobs SET state = 'done', runs = runs + 1,"
                " result = ? WHERE id = ?",
                (photo.upper(), number),
            )


def main():
    photos = ["beach", "bridge", "castle", "forest", "harbor"]
    with TemporaryDirectory() as folder:
        path = Path(folder, "jobs.db")
        with connect(path) as db:
            db.execute(
                "CREATE TABLE jobs (id INTEGER PRIMARY KEY, photo TEXT,"
                " state TEXT DEFAULT 'new', runs INTEGER DEFAULT 0,"
                " result TEXT)"
            )
            for photo in photos:
                db.execute(
                    "INSERT INTO jobs (photo) VALUES (?)", [photo]
                )
        workers = [Process(target=work, args=(path,)) for _ in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        with connect(path) as db:
            for row in db.execute(
                "SELECT result, state, runs FROM jobs"
            ):
                print(*row)


if __name__ == "__main__":
    main()
