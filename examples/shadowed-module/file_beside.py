"""A file named queue.py hides Python's module queue."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

SHOP = """
from multiprocessing import Queue
orders = Queue()
orders.put("apple")
print(orders.get())
"""


def main():
    with TemporaryDirectory() as folder:
        Path(folder, "shop.py").write_text(SHOP)
        Path(folder, "queue.py").write_text("waiting = []")
        shop = subprocess.run(
            [sys.executable, "-E", Path(folder, "shop.py")],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        print(shop.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
