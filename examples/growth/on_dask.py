# /// script
# dependencies = ["dask[distributed]"]
# ///
"""Counts the words with two workers of Dask, here or on a cluster."""

import sys
from collections import Counter
from time import perf_counter

import _words
from _local import LOCAL, own_folder
from dask.distributed import Client, as_completed

HERE = LOCAL | {"n_workers": 2}


def main():
    cluster = {"address": sys.argv[2]} if sys.argv[2:] else HERE
    with _words.files() as paths, own_folder():
        started = perf_counter()
        total = Counter()
        with Client(**cluster) as client:
            client.upload_file(_words.__file__)
            futures = client.map(_words.count, paths)
            for _, counts in as_completed(futures, with_results=True):
                total.update(counts)
        seconds = perf_counter() - started
    print(len(total), "different words,", total.total(), "in all")
    print(f"{seconds:.3f} s")


if __name__ == "__main__":
    main()
