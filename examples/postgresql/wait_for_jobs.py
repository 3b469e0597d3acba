# /// script
# dependencies = ["psycopg[binary]"]
# [tool.examples]
# commands = ["postgres"]
# ///
"""A worker looks for jobs, and then waits to be told of new ones."""

from multiprocessing import Pipe, Process

import psycopg
from _server import postgres

TABLE = "CREATE TABLE jobs (id serial PRIMARY KEY, photo text)"
ADD = "INSERT INTO jobs (photo) VALUES (%s)"
TAKE = """DELETE FROM jobs WHERE id = (SELECT id FROM jobs ORDER BY id
LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING photo"""


def work(address, pipe):
    with psycopg.connect(address, autocommit=True) as database:
        database.execute("LISTEN jobs")
        while True:
            with database.transaction():
                row = database.execute(TAKE).fetchone()
                pipe.send(row or "waits")
            if not row:
                list(database.notifies(timeout=60, stop_after=1))


def main():
    pipe, theirs = Pipe()
    with postgres() as server:
        with psycopg.connect(server.address) as database:
            database.execute(TABLE)
            database.execute(ADD, ["a.jpg"])
        worker = Process(target=work, args=(server.address, theirs))
        worker.daemon = True
        worker.start()
        theirs.close()
        print(pipe.recv(), pipe.recv())
        with psycopg.connect(server.address) as database:
            database.execute(ADD, ["b.jpg"])
            database.execute("NOTIFY jobs")
        print(pipe.recv(), pipe.recv())
        worker.kill()


if __name__ == "__main__":
    main()
