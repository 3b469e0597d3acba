"""A second writer that waits for the first one."""

import sqlite3
from contextlib import closing
from multiprocessing import Event, Process, Queue
from pathlib import Path
from tempfile import TemporaryDirectory


def write(path, begun, answers):
    begun.wait()
    db = sqlite3.connect(path, timeout=60, isolation_level=None)
    with closing(db):
        try:
            db.execute("INSERT INTO sales VALUES ('pear')")
            answers.put("written")
        except sqlite3.OperationalError as error:
            answers.put(f"OperationalError: {error}")


def main():
    begun, answers = Event(), Queue()
    with TemporaryDirectory() as folder:
        path = Path(folder, "sales.db")
        clerk = Process(target=write, args=(path, begun, answers))
        clerk.start()
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute("CREATE TABLE sales (item TEXT)")
            db.execute("BEGIN IMMEDIATE")
            begun.set()
            db.execute("COMMIT")
            print(answers.get())
        clerk.join()


if __name__ == "__main__":
    main()
