"""What a program named multiprocessing.py says, by how it imports."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

PROGRAMS = [
    "from multiprocessing import Process",
    "import multiprocessing; multiprocessing.Process()",
    "from multiprocessing.pool import Pool",
]


def main():
    with TemporaryDirectory() as folder:
        program = Path(folder, "multiprocessing.py")
        for line in PROGRAMS:
            program.write_text(line)
            shop = subprocess.run(
                [sys.executable, "-E", program],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            print(shop.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
