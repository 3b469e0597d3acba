"""forkserver imports the model once, and its workers inherit it."""

import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

MODEL = """
import os
loaded_by = os.getpid()

def tell():
    print("Inherited:", os.getpid() != loaded_by)
"""
PROGRAM = """
import sys
from multiprocessing import get_context
from my_model import tell

forkserver = get_context("forkserver")
forkserver.set_forkserver_preload(sys.argv[1:])
print("Preloaded:", sys.argv[1:], flush=True)
worker = forkserver.Process(target=tell)
worker.start()
worker.join()
if worker.exitcode:
    sys.exit(f"exit code {worker.exitcode}")
"""


def main():
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with TemporaryDirectory() as folder:
        Path(folder, "my_model.py").write_text(MODEL)
        command = [sys.executable, "-c", PROGRAM]
        subprocess.run(command, cwd=folder, check=True)
        subprocess.run([*command, "my_model"], cwd=folder, check=True)


if __name__ == "__main__":
    main()
