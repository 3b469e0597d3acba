# /// script
# dependencies = ["sqlalchemy", "psycopg[binary]"]
#
# [tool.examples]
# commands = ["postgres"]
# ///
"""A forked worker discards the parent's connections, in two ways."""

import warnings
from multiprocessing import get_context

from _server import postgres
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError


def ask():
    with engine.connect() as connection:
        return connection.scalar(text("SELECT 'fine'"))


def work(**options):
    warnings.simplefilter("ignore", ResourceWarning)
    engine.dispose(**options)
    ask()
    engine.dispose()


def run_worker(**options):
    fork = get_context("fork")
    worker = fork.Process(target=work, kwargs=options)
    worker.start()
    worker.join()


def main():
    global engine
    with postgres() as url:
        engine = create_engine(url)
        ask()
        run_worker(close=False)
        print("after dispose(close=False):", ask())
        run_worker()
        try:
            ask()
        except OperationalError as error:
            print("after dispose():", str(error.orig).split("\n")[0])
        engine.dispose()


if __name__ == "__main__":
    main()
