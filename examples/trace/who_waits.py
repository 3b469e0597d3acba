"""The command trace says who waits for whom in a program that hangs."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

EXAMPLES = Path(__file__).resolve().parents[1]


def main():
    command = [sys.executable, EXAMPLES, "trace"]
    command += ["--time-limit", "10", "-o", "timeline.html"]
    command += [EXAMPLES / "lock" / "opposite_order.py"]
    with TemporaryDirectory() as folder:
        run = subprocess.run(
            command,
            cwd=folder,
            env=os.environ | {"TMPDIR": folder},
            stderr=subprocess.PIPE,
            text=True,
        )
    for line in run.stderr.splitlines():
        if line.startswith("["):  # what the command itself says
            print(line)
    print("exit status", run.returncode)


if __name__ == "__main__":
    main()
