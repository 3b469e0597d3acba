"""Workers add up parts of many files; the parent merges the sums."""

import signal
import sys
import tempfile
from collections import Counter
from pathlib import Path

from in_order import in_order
from one_worker import Worker

SIZE = 50_000  # bytes


def parts(paths):
    for path in paths:
        with path.open("rb") as file:
            size = path.stat().st_size
            while (start := file.tell()) < size:
                file.seek(start + SIZE - 1)
                file.readline()
                yield path, start, min(file.tell(), size)


def add_up(part):
    path, start, end = part
    sums = Counter()
    with path.open("rb") as file:
        file.seek(start)
        for line in file.read(end - start).rstrip().split(b"\n"):
            product, amount = line.decode().split(",")
            sums[product] += int(amount)
    return sums


def main():
    workers = [Worker(add_up) for _ in range(2)]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"{n}.csv") for n in range(6)]
        for number, path in enumerate(paths):
            path.write_bytes(b"tea,2\nmilk,1\nmate,3\n" * number * 2000)
        print(len(list(parts(paths))), "parts of", len(paths), "files")
        totals = Counter()
        for sums in in_order(workers, parts(paths)):
            totals.update(sums)
    print(*totals.most_common(), sep="\n")


if __name__ == "__main__":
    main()
