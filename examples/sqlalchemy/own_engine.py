# /// script
# dependencies = ["sqlalchemy", "psycopg[binary]"]
#
# [tool.examples]
# commands = ["postgres"]
# ///
"""Each worker makes an engine of its own, and all count in one row."""

from multiprocessing import Pool

from _server import postgres
from sqlalchemy import create_engine, text

SELL = text("UPDATE tickets SET sold = sold + 1 RETURNING sold")


def connect(url):
    global engine
    engine = create_engine(url)


def sell(_):
    with engine.begin() as connection:
        return connection.scalar(SELL)


def main():
    with postgres() as url:
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE tickets (sold int)"))
            connection.execute(text("INSERT INTO tickets VALUES (0)"))
        with Pool(2, initializer=connect, initargs=[url]) as pool:
            numbers = pool.map(sell, range(100), chunksize=1)
        print("no number twice:", len(set(numbers)) == 100)
        with engine.connect() as connection:
            sold = connection.scalar(text("SELECT sold FROM tickets"))
        print("sold:", sold)
        engine.dispose()


if __name__ == "__main__":
    main()
