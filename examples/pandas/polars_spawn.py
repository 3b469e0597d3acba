# /// script
# dependencies = ["polars"]
# ///
"""Spawned workers read one Arrow file with Polars, a thread each."""

import os
from multiprocessing import get_context
from tempfile import TemporaryDirectory

import polars as pl


def report(task):
    path, shop = task
    rows = pl.scan_ipc(path).filter(pl.col("shop") == shop)
    total = rows.select(pl.col("price").sum()).collect().item()
    return f"{shop}: {total}, threads: {pl.thread_pool_size()}"


def main():
    shops = ["north", "south", "east", "west"]
    sales = pl.DataFrame({"shop": shops * 1000, "price": range(4000)})
    os.environ["POLARS_MAX_THREADS"] = "1"  # for the workers
    with TemporaryDirectory() as folder:
        path = f"{folder}/sales.arrow"
        sales.write_ipc(path)
        tasks = [(path, shop) for shop in shops]
        with get_context("spawn").Pool(2) as pool:
            print(*pool.map(report, tasks), sep="\n")


if __name__ == "__main__":
    main()
