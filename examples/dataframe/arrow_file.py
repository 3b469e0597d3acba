# /// script
# dependencies = ["pyarrow"]
# ///
"""Workers map one Arrow file and read its table without a copy."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from tempfile import TemporaryDirectory
from threading import Thread

import pyarrow as pa
import pyarrow.compute as pc


def end_with_parent():
    parent_process().join()
    os._exit(1)


def attach(path):
    global sales, allocated
    Thread(target=end_with_parent, daemon=True).start()
    with pa.memory_map(path) as source:
        sales = pa.ipc.open_file(source).read_all()
    allocated = pa.total_allocated_bytes()


def turnover(shop):
    mine = sales.filter(pc.equal(sales["shop"], shop))
    return shop, pc.sum(mine["price"]).as_py(), allocated


def main():
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    shops = ["north", "south", "east", "west"]
    prices = [float(row % 40) for row in range(100_000)]
    table = pa.table({"shop": shops * 25_000, "price": prices})
    print("Bytes of the table:", table.nbytes)
    with TemporaryDirectory() as folder:
        path = f"{folder}/sales.arrow"
        with pa.ipc.new_file(path, table.schema) as writer:
            writer.write_table(table)
        spawn = get_context("spawn")
        with ProcessPoolExecutor(2, spawn, attach, [path]) as pool:
            for shop, total, allocated in pool.map(turnover, shops):
                print(f"{shop}: {total}, bytes copied: {allocated}")


if __name__ == "__main__":
    main()
