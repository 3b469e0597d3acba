# /// script
# dependencies = ["duckdb"]
# ///
"""A worker has a DuckDB file open, and is killed in a transaction."""

import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pipe, Process
from tempfile import TemporaryDirectory

import duckdb


def write(path, line):
    data = duckdb.connect(path)
    data.execute("create table orders as select 1 as number")
    data.begin()
    data.execute("insert into orders values (2)")
    line.send("inserted")
    line.poll(60)  # until the other process has tried
    signal.raise_signal(signal.SIGKILL)


def look(path):
    with duckdb.connect(path, read_only=True) as data:
        return data.execute("select number from orders").fetchall()


def main():
    with TemporaryDirectory() as folder:
        path = f"{folder}/orders.duckdb"
        line, end = Pipe()
        worker = Process(target=write, args=[path, end])
        worker.start()
        end.close()
        line.recv()
        try:
            look(path)
        except duckdb.IOException as error:
            print(str(error).partition(" on file")[0])
        line.send("tried")
        worker.join()
        print("killed in a transaction:", worker.exitcode)
        with ProcessPoolExecutor(2) as pool:
            print("two readers:", *pool.map(look, [path, path]))


if __name__ == "__main__":
    main()
