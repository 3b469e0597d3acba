# /// script
# dependencies = ["psycopg[binary]"]
# [tool.examples]
# commands = ["postgres"]
# ///
"""The server frees the lock of a process that is killed."""

from multiprocessing import Pipe, Process

import psycopg
from _server import postgres

LOCK = "SELECT pg_advisory_lock(7)"
TRY = "SELECT pg_try_advisory_lock(7)"


def hold(address, pipe):
    with psycopg.connect(address) as database:
        database.execute(LOCK)
        pipe.send("locked")
        pipe.recv()  # until it is killed


def main():
    pipe, theirs = Pipe()
    with postgres() as server:
        args = server.address, theirs
        holder = Process(target=hold, args=args, daemon=True)
        holder.start()
        theirs.close()
        pipe.recv()
        with psycopg.connect(server.address) as database:
            [[got]] = database.execute(TRY)
            print("while it is held:", got)
            holder.kill()
            holder.join()
            database.execute("SET lock_timeout = '20s'")
            database.execute(LOCK)
            print("after the kill: locked")


if __name__ == "__main__":
    main()
