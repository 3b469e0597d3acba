# /// script
# dependencies = ["pandas[parquet]"]
# ///
"""A task is a path: the worker reads its group, and returns little."""

from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd


def best_day(path):
    sales = pd.read_parquet(path)
    days = sales.groupby(["shop", "day"], as_index=False)["price"].sum()
    return days.nlargest(1, "price")


def main():
    shops = ["north", "south", "east"]
    sales = pd.DataFrame({"shop": shops * 1000, "price": range(3000)})
    sales["day"] = sales.index % 7
    with TemporaryDirectory() as folder:
        for shop, group in sales.groupby("shop"):
            group.to_parquet(f"{folder}/{shop}.parquet")
        paths = sorted(Path(folder).glob("*.parquet"))
        with get_context("spawn").Pool(2) as pool:
            days = pool.map(best_day, paths, chunksize=1)
    print(pd.concat(days).to_string(index=False))


if __name__ == "__main__":
    main()
