"""One writes a file anew, others read it; no one sees half a file."""

import json
import os
import sys
from multiprocessing import Event, Process, Queue
from pathlib import Path
from tempfile import TemporaryDirectory


def publish(path, prices):
    new = path.with_suffix(".new")
    new.write_text(json.dumps(prices), "utf-8")
    while True:
        try:
            return os.replace(new, path)
        except PermissionError:  # on Windows, while it is being read
            if sys.platform != "win32":
                raise


def read(path, begun, ended, readings):
    mixed = 0
    while not ended.is_set():
        prices = json.loads(path.read_text("utf-8"))
        mixed += len(set(prices)) != 1
        begun.set()
    readings.put(mixed)


def main():
    begun, ended, readings = Event(), Event(), Queue()
    with TemporaryDirectory() as folder:
        path = Path(folder, "prices.json")
        publish(path, [0] * 10_000)
        events = (begun, ended)
        reader = Process(target=read, args=(path, *events, readings))
        reader.start()
        begun.wait()
        for price in range(1, 100):
            publish(path, [price] * 10_000)
        ended.set()
        print("Readings of a half-written file:", readings.get())
        reader.join()


if __name__ == "__main__":
    main()
