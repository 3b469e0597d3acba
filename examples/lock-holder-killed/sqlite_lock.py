"""The system releases the lock of an SQLite file with its holder."""

import sqlite3
from contextlib import closing
from multiprocessing import Event, Process
from pathlib import Path
from tempfile import TemporaryDirectory


def write_report(database, holding, stop):
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        holding.set()
        stop.wait()


def main():
    holding, stop = Event(), Event()
    with TemporaryDirectory() as folder:
        database = Path(folder, "lock.db")
        worker = Process(
            target=write_report, args=(database, holding, stop)
        )
        worker.start()
        holding.wait()
        worker.terminate()
        worker.join()
        print("The worker has ended, the parent wants the lock")
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            print("The parent has the lock")
            connection.execute("COMMIT")


if __name__ == "__main__":
    main()
