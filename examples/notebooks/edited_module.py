"""The module is edited after its import: which one do workers use?"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

CELLS = """
from importlib import reload
from multiprocessing import Pool
from pathlib import Path
import prices

edited = "def add_tax(price): return price * 119 // 100  # new"
Path("prices.py").write_text(edited)
with Pool(1) as pool:
    print("Edited:", pool.map(prices.add_tax, [100]))
reload(prices)
with Pool(1) as pool:
    print("Reloaded:", pool.map(prices.add_tax, [100]))
"""


def main():
    with TemporaryDirectory() as folder:
        prices = "def add_tax(price): return price * 107 // 100"
        Path(folder, "prices.py").write_text(prices)
        subprocess.run([sys.executable, "-c", CELLS], cwd=folder)


if __name__ == "__main__":
    main()
