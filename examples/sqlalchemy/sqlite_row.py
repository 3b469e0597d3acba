# /// script
# dependencies = ["sqlalchemy"]
# ///
"""Workers read a row of an SQLite file, and write it back."""

from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import create_engine, event, text

CREATE = text("CREATE TABLE tickets AS SELECT 0 AS sold")
READ = text("SELECT sold FROM tickets")
WRITE = text("UPDATE tickets SET sold = :sold")


def connect(path):
    global engine
    options = {"timeout": 60, "isolation_level": None}
    engine = create_engine(f"sqlite:///{path}", connect_args=options)
    event.listen(engine, "begin", begin)


def begin(connection):
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def sell(_):
    with engine.begin() as connection:
        sold = connection.scalar(READ)
        connection.execute(WRITE, {"sold": sold + 1})


def main():
    with TemporaryDirectory() as folder:
        path = Path(folder, "tickets.db")
        connect(path)
        with engine.begin() as connection:
            connection.execute(CREATE)
        engine.dispose()
        with ProcessPoolExecutor(3, None, connect, [path]) as pool:
            list(pool.map(sell, range(150)))
        with engine.connect() as connection:
            print("Tickets sold:", connection.scalar(READ))
        engine.dispose()


if __name__ == "__main__":
    main()
