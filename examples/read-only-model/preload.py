"""forkserver imports the model once, and its workers inherit it."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

MODEL = """
import os
loaded_by = os.getpid()

def inherited(task):
    return os.getpid() != loaded_by
"""
PROGRAM = """
import sys
from multiprocessing import get_context
from my_model import inherited

forkserver = get_context("forkserver")
forkserver.set_forkserver_preload(sys.argv[1:])
with forkserver.Pool(2) as pool:
    print("Preloaded:", sys.argv[1:])
    print("Inherited:", pool.map(inherited, range(2)))
"""


def main():
    with TemporaryDirectory() as folder:
        Path(folder, "my_model.py").write_text(MODEL)
        command = [sys.executable, "-c", PROGRAM]
        subprocess.run(command, cwd=folder)
        subprocess.run([*command, "my_model"], cwd=folder)


if __name__ == "__main__":
    main()
