"""A notebook whose workers end with the kernel, and not before it."""

import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

PRICES = """
import os
import signal
from multiprocessing import parent_process
from threading import Thread

def add_tax(price):
    return price * 120 // 100

def end_with_parent():
    parent_process().join()
    os._exit(1)

def start_worker():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()
"""
CELLS = """
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from prices import add_tax, start_worker

spawn = get_context("spawn")
with ProcessPoolExecutor(2, spawn, start_worker) as pool:
    print(list(pool.map(add_tax, [100, 250])))
"""


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    with TemporaryDirectory() as folder:
        Path(folder, "prices.py").write_text(PRICES)
        kernel = [sys.executable, "-c", CELLS]
        subprocess.run(kernel, cwd=folder, check=True)


if __name__ == "__main__":
    main()
