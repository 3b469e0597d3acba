# /// script
# dependencies = ["psycopg[binary]"]
# [tool.examples]
# commands = ["postgres"]
# ///
"""80 MB in a table: each worker that reads them gets a copy."""

import sys
from array import array
from multiprocessing import Process

import psycopg
from _server import postgres

NUMBERS = 10_000_000
TABLE = """
CREATE TABLE arrays (name text, bytes bytea);
ALTER TABLE arrays ALTER bytes SET STORAGE EXTERNAL
"""
READ = "SELECT bytes FROM arrays WHERE name = 'prices'"


def work(address):
    with psycopg.connect(address) as database:
        [[read]] = database.execute(READ, binary=True)
        prices = array("d", read)
        assert len(prices) == NUMBERS and prices[-1] == NUMBERS - 1


def main():
    prices = array("d", range(NUMBERS))
    with postgres() as server:
        with psycopg.connect(server.address) as database:
            database.execute(TABLE)
            row = "prices", memoryview(prices).cast("B")
            database.execute("INSERT INTO arrays VALUES (%s, %b)", row)
        args = (server.address,)
        workers = [Process(target=work, args=args) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        codes = [worker.exitcode for worker in workers]
    print("exit codes:", *codes)
    sys.exit(any(codes))


if __name__ == "__main__":
    main()
