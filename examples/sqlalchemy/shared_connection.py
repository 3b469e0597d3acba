# /// script
# dependencies = ["sqlalchemy", "psycopg[binary]"]
#
# [tool.examples]
# commands = ["postgres"]
# ///
"""Two forked workers ask through a connection of their parent."""

from multiprocessing import TimeoutError, get_context

from _server import postgres
from sqlalchemy import create_engine, text

QUESTION = text("SELECT CAST(:number AS int)")


def is_right(number):
    try:
        with engine.connect() as connection:
            answer = connection.scalar(QUESTION, {"number": number})
    except Exception:  # one of several
        return False
    return answer == number


def main():
    global engine
    with postgres() as url:
        engine = create_engine(url)
        print("the parent's answer is right:", is_right(0))
        # Its connection has gone back into engine.pool, and is open.
        right = True
        with get_context("fork").Pool(2) as pool:
            answers = pool.imap_unordered(is_right, range(10_000))
            while right:
                try:
                    right = answers.next(timeout=5)
                except TimeoutError:  # both wait for an answer
                    right = False
        print("the workers' answers are all right:", right)
        engine.dispose()


if __name__ == "__main__":
    main()
