# /// script
# dependencies = ["dask[distributed]"]
# ///
"""Counts the words with two workers of Dask, here or on a cluster."""

import logging
import sys
from collections import Counter
from tempfile import TemporaryDirectory
from time import perf_counter

import _words
import dask
from dask.distributed import Client, as_completed

LOCAL = {
    "n_workers": 2,
    "threads_per_worker": 1,
    "dashboard_address": "127.0.0.1:0",  # any free port
    "silence_logs": logging.CRITICAL,
}


def main():
    cluster = {"address": sys.argv[2]} if sys.argv[2:] else LOCAL
    with _words.files() as paths, TemporaryDirectory() as folder:
        dask.config.set(temporary_directory=folder)
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
