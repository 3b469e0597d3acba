# /// script
# dependencies = ["psycopg[binary]"]
# [tool.examples]
# commands = ["postgres"]
# ///
"""The server is killed between two commits, and started again."""

from multiprocessing import Pipe, Process

import psycopg
from _server import postgres

ADD = "UPDATE counter SET n = n + 1"


def work(address, pipe):
    with psycopg.connect(address) as database:
        database.execute(ADD)
        database.commit()
        database.execute(ADD)
        pipe.send("one committed, one not")
        pipe.recv()  # until the server is killed
        try:
            database.commit()
        except psycopg.OperationalError:
            pipe.send("failed")


def main():
    pipe, theirs = Pipe()
    with postgres() as server:
        with psycopg.connect(server.address) as database:
            database.execute("CREATE TABLE counter AS SELECT 0 AS n")
        args = server.address, theirs
        worker = Process(target=work, args=args, daemon=True)
        worker.start()
        theirs.close()
        print(pipe.recv())
        server.kill()
        pipe.send("killed")
        print("the worker's commit:", pipe.recv())
        worker.join()
        server.start()
        with psycopg.connect(server.address) as database:
            print("after restart:", *database.execute("TABLE counter"))


if __name__ == "__main__":
    main()
