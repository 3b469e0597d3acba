# /// script
# dependencies = ["psycopg[binary]"]
# [tool.examples]
# commands = ["postgres"]
# ///
"""A worker is told of new jobs, from the time when it listens."""

from multiprocessing import Pipe, Process

import psycopg
from _server import postgres


def work(address, pipe):
    with psycopg.connect(address, autocommit=True) as database:
        database.execute("LISTEN jobs")
        pipe.send("listens")
        for told in database.notifies():
            pipe.send(f"told of {told.payload}")
            if told.payload == "the last job":
                break


def main():
    pipe, theirs = Pipe()
    with postgres() as server:
        with psycopg.connect(server.address) as database:
            database.execute("NOTIFY jobs, 'an early job'")
        args = server.address, theirs
        worker = Process(target=work, args=args, daemon=True)
        worker.start()
        theirs.close()
        print(pipe.recv())
        with psycopg.connect(server.address) as database:
            database.execute("NOTIFY jobs, 'a job'")
            database.execute("NOTIFY jobs, 'the last job'")
        print(pipe.recv())
        print(pipe.recv())
        worker.join()


if __name__ == "__main__":
    main()
