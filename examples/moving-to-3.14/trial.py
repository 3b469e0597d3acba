"""Run a program as if forkserver were the default already."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

# Python imports a file of this name at its start, before the program.
SITECUSTOMIZE = """
from multiprocessing import context, get_context

context._default_context._default_context = get_context("forkserver")
"""
SAMPLE = """
from multiprocessing import Pool, get_start_method

class Price(int):
    pass

if __name__ == "__main__":
    with Pool(1) as pool:
        price = pool.apply(Price, ["5"])
    print(get_start_method(), type(price), price)
"""


def main():
    with TemporaryDirectory() as folder:
        sample = Path(folder, "sample.py")
        sample.write_text(SAMPLE)
        Path(folder, "sitecustomize.py").write_text(SITECUSTOMIZE)
        paths = [folder, *filter(None, [os.getenv("PYTHONPATH")])]
        program = subprocess.Popen(
            [sys.executable, *(sys.argv[1:] or [sample])],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        )
        # Ctrl-C is for the program, which may need time to end.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        status = program.wait()
    sys.exit(status)


if __name__ == "__main__":
    main()
