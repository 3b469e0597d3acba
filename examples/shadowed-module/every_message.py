"""What a program with the name of a module says, by how it imports."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

PROGRAMS = [
    ("multiprocessing.py", "from multiprocessing import Process"),
    ("multiprocessing.py", "import multiprocessing as m; m.Process()"),
    ("multiprocessing.py", "from multiprocessing.pool import Pool"),
    ("socket.py", "from multiprocessing import Process"),
]


def main():
    with TemporaryDirectory() as folder:
        for name, line in PROGRAMS:
            program = Path(folder, name)
            program.write_text(line)
            shop = subprocess.run(
                [sys.executable, "-E", program],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            print(shop.stdout.splitlines()[-1])
            program.unlink()


if __name__ == "__main__":
    main()
