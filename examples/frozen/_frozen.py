"""Runs a program as PyInstaller would freeze it: its file starts it, whatever the arguments."""

import os
import subprocess
import sys
from importlib.resources import files
from multiprocessing import get_start_method
from pathlib import Path
from tempfile import TemporaryDirectory

HOOK = files("PyInstaller") / "hooks" / "rthooks" / "pyi_rth_multiprocessing.py"
EXECUTABLE = f"""#!{sys.executable}
import multiprocessing, os, runpy, sys
sys.frozen, sys.executable = True, __file__
multiprocessing.set_executable(__file__)
multiprocessing.set_start_method(os.environ["METHOD"], force=True)
runpy.run_path({str(HOOK)!r})  # what PyInstaller does to multiprocessing
exec(compile(os.environ["APP"], "app.py", "exec"))
"""


def run_frozen(app: str, method: str = "") -> list[str]:
    """What the program and its children print, each line once.

    Raises TimeoutExpired after 60 seconds, and CalledProcessError when a signal ends the program.
    """
    with TemporaryDirectory() as folder:
        executable = Path(folder, "app")
        executable.write_text(EXECUTABLE)
        executable.chmod(0o700)
        given = {**os.environ, "APP": app, "METHOD": method or get_start_method()}
        given["PYTHONUNBUFFERED"] = ""  # so that two processes do not print into one line
        run = subprocess.run([executable], env=given, capture_output=True, text=True, timeout=60)
        if run.returncode < 0:
            run.check_returncode()  # a signal has ended it
        return sorted(set(run.stdout.splitlines()))
