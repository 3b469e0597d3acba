"""What the checker finds in two programs of this site."""

import subprocess
import sys
from pathlib import Path

SITE = Path(__file__).resolve().parents[2]
FILES = [
    "examples/race/unsafe.py",
    "examples/race/fixed.py",
    "examples/main-guard/unguarded_process.py",
]


def main():
    told = subprocess.run(
        [sys.executable, "-m", "examples", "check", *FILES],
        cwd=SITE,
        capture_output=True,
        text=True,
    )
    print(told.stdout + told.stderr)
    print("exit status", told.returncode)


if __name__ == "__main__":
    main()
