"""The module is edited after its import: which one do workers use?"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

CELLS = """
from concurrent.futures import ProcessPoolExecutor as Executor
from importlib import reload
from pathlib import Path
import prices

edited = "def add_tax(price): return price * 119 // 100  # new"
Path("prices.py").write_text(edited)
with Executor(1) as pool:
    print("Edited:", *pool.map(prices.add_tax, [100]))
reload(prices)
with Executor(1) as pool:
    print("Reloaded:", *pool.map(prices.add_tax, [100]))
"""


def main():
    with TemporaryDirectory() as folder:
        prices = "def add_tax(price): return price * 107 // 100"
        Path(folder, "prices.py").write_text(prices)
        kernel = [sys.executable, "-c", CELLS]
        subprocess.run(kernel, cwd=folder, check=True)


if __name__ == "__main__":
    main()
