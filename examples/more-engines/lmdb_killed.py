# /// script
# dependencies = ["lmdb", "numpy"]
# ///
"""Workers share an LMDB file; one is killed in a transaction."""

import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Process
from tempfile import TemporaryDirectory

import lmdb
import numpy as np

MOST = 200_000_000  # bytes that the file may have


def count(folder, times):
    with lmdb.open(folder, map_size=MOST) as data:
        for _ in range(times):
            with data.begin(write=True) as change:
                n = int(change.get(b"n", b"0"))
                change.put(b"n", b"%d" % (n + 1))


def fail(folder):
    with lmdb.open(folder, map_size=MOST) as data:
        with data.begin(write=True) as change:
            change.put(b"n", b"-1")
            signal.raise_signal(signal.SIGKILL)


def main():
    with TemporaryDirectory() as folder:
        worker = Process(target=fail, args=[folder])
        worker.start()
        worker.join()
        print("killed in a transaction:", worker.exitcode)
        with ProcessPoolExecutor(2) as pool:
            list(pool.map(count, [folder] * 2, [500, 500]))
        with lmdb.open(folder, map_size=MOST) as data:
            with data.begin(write=True) as change:
                print("n:", change.get(b"n"))
                change.put(b"samples", np.arange(10_000_000.0))
            with data.begin(buffers=True) as look:
                samples = np.frombuffer(look.get(b"samples"))
                print(samples[-1], "in a copy:", samples.flags.owndata)


if __name__ == "__main__":
    main()
