"""A file named signal.py: some start methods work, some do not."""

import subprocess
import sys
from multiprocessing import get_start_method
from pathlib import Path
from tempfile import TemporaryDirectory

SHOP = """
import sys
from multiprocessing import get_context

def pack(order):
    print("packed", order)

if __name__ == "__main__":
    ctx = get_context(sys.argv[1])
    worker = ctx.Process(target=pack, args=("apple",))
    worker.start()
    worker.join()
"""


def main():
    with TemporaryDirectory() as folder:
        Path(folder, "shop.py").write_text(SHOP)
        Path(folder, "signal.py").write_text("lamps = []")
        shop = subprocess.run(
            [
                sys.executable,
                "-E",
                Path(folder, "shop.py"),
                get_start_method(),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        print(shop.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
