# /// script
# dependencies = ["psycopg[binary]"]
# [tool.examples]
# commands = ["postgres"]
# ///
"""Two workers add to a row, and to the rows of a dictionary."""

import sys
from multiprocessing import Process

import psycopg
from _server import postgres

WORDS = "CREATE TABLE words (word text UNIQUE, n int)"
ADD = "UPDATE counter SET n = n + 1"
COUNT = """
INSERT INTO words VALUES (%s, 1)
ON CONFLICT (word) DO UPDATE SET n = words.n + 1
"""


def work(address):
    with psycopg.connect(address, autocommit=True) as database:
        for word in ["apple", "pear", "apple"] * 50:
            database.execute(ADD)
            database.execute(COUNT, [word])


def main():
    with postgres() as server:
        with psycopg.connect(server.address) as database:
            database.execute("CREATE TABLE counter AS SELECT 0 AS n")
            database.execute(WORDS)
        args = (server.address,)
        workers = [Process(target=work, args=args) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        if any(worker.exitcode for worker in workers):
            sys.exit("a worker failed")
        with psycopg.connect(server.address) as database:
            [[counted]] = database.execute("SELECT n FROM counter")
            print("counted:", counted)
            print(dict(database.execute("TABLE words ORDER BY word")))


if __name__ == "__main__":
    main()
