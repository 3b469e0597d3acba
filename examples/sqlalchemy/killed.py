# /// script
# dependencies = ["sqlalchemy", "psycopg[binary]"]
#
# [tool.examples]
# commands = ["postgres"]
# ///
"""A worker is killed in the middle of a transaction."""

from multiprocessing import Pipe, Process

from _server import postgres
from sqlalchemy import create_engine, text

SELL = text("UPDATE tickets SET sold = sold + 1 RETURNING sold")


def sell(url, pipe):
    engine = create_engine(url)
    with engine.begin() as connection:
        pipe.send(connection.scalar(SELL))
        pipe.recv()  # nothing comes: the row stays locked


def main():
    with postgres() as url:
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE tickets (sold int)"))
            connection.execute(text("INSERT INTO tickets VALUES (7)"))
        ours, theirs = Pipe()
        worker = Process(target=sell, args=[url, theirs])
        worker.start()
        theirs.close()  # so that recv() raises if the worker fails
        print("the worker sells number", ours.recv())
        worker.kill()
        worker.join()
        with engine.begin() as connection:
            print("the parent sells number", connection.scalar(SELL))
        engine.dispose()


if __name__ == "__main__":
    main()
