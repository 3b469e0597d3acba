# /// script
# dependencies = ["polars"]
# ///
"""A worker is lost: the groups that have a file are not done again."""

import os
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

SHOPS = ["north", "south", "east"]


def total(folder, shop, crashes):
    if crashes and shop == "south":
        os._exit(1)  # as if it were killed
    result = pl.DataFrame({"shop": [shop], "price": [len(shop)]})
    result.write_parquet(folder / f"{shop}.part")
    os.replace(folder / f"{shop}.part", folder / f"{shop}.parquet")


def run(folder, crashes):
    todo = [s for s in SHOPS if not (folder / f"{s}.parquet").exists()]
    print("To do:", *todo)
    with ProcessPoolExecutor(1, get_context("spawn")) as executor:
        for shop in todo:
            executor.submit(total, folder, shop, crashes).result()


def main():
    with TemporaryDirectory() as folder:
        try:
            run(Path(folder), crashes=True)
        except BrokenProcessPool:
            run(Path(folder), crashes=False)
        done = pl.read_parquet(f"{folder}/*.parquet")
        print("Done:", *sorted(done["shop"]))


if __name__ == "__main__":
    main()
