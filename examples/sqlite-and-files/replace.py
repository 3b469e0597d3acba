"""One writes a file anew, others read it; no one sees half a file."""

import json
import os
import sys
from multiprocessing import Pool
from pathlib import Path
from tempfile import TemporaryDirectory


def publish(path, price):
    new = path.with_suffix(".new")
    new.write_text(json.dumps([price] * 10_000), "utf-8")
    while True:
        try:
            return os.replace(new, path)
        except PermissionError:  # on Windows, while it is being read
            if sys.platform != "win32":
                raise


def count_mixed(path):
    mixed = 0
    for _ in range(100):
        prices = json.loads(path.read_text("utf-8"))
        mixed += len(set(prices)) != 1
    return mixed


def main():
    with TemporaryDirectory() as folder, Pool(1) as pool:
        path = Path(folder, "prices.json")
        publish(path, price := 1)
        readings = pool.apply_async(count_mixed, [path])
        while not readings.ready():
            publish(path, price := price + 1)
        print("Readings of a half-written file:", readings.get())


if __name__ == "__main__":
    main()
