"""A second writer that waits for the first one."""

import signal
import sys
from contextlib import closing
from multiprocessing import Pipe, Process
from sqlite3 import OperationalError, connect
from tempfile import TemporaryDirectory


def write(path, line, end_of_parent):
    end_of_parent.close()
    line.recv()
    db = connect(path, timeout=60, isolation_level=None)
    with closing(db):
        try:
            db.execute("INSERT INTO sales VALUES ('pear')")
            line.send("written")
        except OperationalError as error:
            line.send(f"OperationalError: {error}")


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    line, end = Pipe()
    with TemporaryDirectory() as folder:
        path = f"{folder}/sales.db"
        clerk = Process(target=write, args=(path, end, line))
        clerk.start()
        end.close()
        try:
            with closing(connect(path, isolation_level=None)) as db:
                db.execute("CREATE TABLE sales (item TEXT)")
                db.execute("BEGIN IMMEDIATE")
                line.send("begun")
                db.execute("COMMIT")
                print(line.recv())
        except (EOFError, OSError):
            clerk.join()
            sys.exit(f"{clerk.name}: exit code {clerk.exitcode}")
        finally:
            clerk.kill()
            clerk.join()


if __name__ == "__main__":
    main()
