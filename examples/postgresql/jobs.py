# /// script
# dependencies = ["psycopg[binary]"]
# [tool.examples]
# commands = ["postgres"]
# ///
"""The job of a worker that is killed goes to another one."""

import os
import signal
import sys
from multiprocessing import Process

import psycopg
from _server import postgres

TAKE = """DELETE FROM jobs WHERE id = (SELECT id FROM jobs ORDER BY id
LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id"""
IDS = "SELECT * FROM generate_series(1, 3) AS id"
DONE = "INSERT INTO done VALUES (%s, %s)"


def work(address, name, dies):
    with psycopg.connect(address) as database:
        while row := database.execute(TAKE).fetchone():
            database.execute(DONE, [*row, name])
            if dies:
                os.kill(os.getpid(), signal.SIGKILL)
            database.commit()


def main():
    with postgres() as server:
        with psycopg.connect(server.address) as database:
            database.execute(f"CREATE TABLE jobs AS {IDS}")
            database.execute("CREATE TABLE done (id int, worker text)")
        for name, dies in ("first", True), ("second", False):
            args = server.address, name, dies
            worker = Process(target=work, args=args)
            worker.start()
            worker.join()
            print(name, "ended with", worker.exitcode)
        with psycopg.connect(server.address) as database:
            print(*database.execute("TABLE done ORDER BY id"), sep="\n")
    sys.exit("a worker failed" if worker.exitcode else 0)


if __name__ == "__main__":
    main()
