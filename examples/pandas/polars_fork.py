# /// script
# dependencies = ["polars"]
# ///
"""A worker that is forked after Polars was used waits forever."""

from multiprocessing import get_context

import polars as pl


def report(sales):
    totals = sales.group_by("shop").agg(pl.col("price").sum())
    print("Shops:", len(totals))


def main():
    shops = ["north", "south", "east", "west"]
    sales = pl.DataFrame({"shop": shops * 1000, "price": range(4000)})
    report(sales)
    fork = get_context("fork")
    worker = fork.Process(target=report, args=(sales,), daemon=True)
    worker.start()
    worker.join(timeout=2)
    print("The worker has ended:", not worker.is_alive())
    worker.kill()
    worker.join()


if __name__ == "__main__":
    main()
