"""One process replaces a file; the other never reads half of it."""

import json
import os
import signal
import sys
from multiprocessing import Process
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


def read(path):
    for _ in range(100):
        prices = json.loads(path.read_text("utf-8"))
        if len(set(prices)) != 1:
            raise ValueError("a half-written file")


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    with TemporaryDirectory() as folder:
        path = Path(folder, "prices.json")
        publish(path, price := 1)
        reader = Process(target=read, args=(path,))
        reader.start()
        try:
            while reader.is_alive():
                publish(path, price := price + 1)
            if code := reader.exitcode:
                sys.exit(f"{reader.name}: exit code {code}")
        finally:
            reader.kill()
            reader.join()
    print("100 readings, and none of a half-written file")


if __name__ == "__main__":
    main()
