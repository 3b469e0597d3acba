# /// script
# dependencies = ["filelock", "pytest", "pytest-xdist"]
# ///
"""The first worker of pytest-xdist sets up; the others read a file."""

import json
import os
import signal
from contextlib import chdir
from tempfile import TemporaryDirectory

import pytest
from _run import run
from filelock import FileLock


def set_up():
    with open("log", "a") as log:
        log.write("set up\n")
    return {"name": "test_shop"}


@pytest.fixture(scope="session")
def database(tmp_path_factory, worker_id):
    if worker_id == "master":  # without -n
        return set_up()
    folder = tmp_path_factory.getbasetemp().parent
    with FileLock(folder / "database.lock"):
        told = folder / "database.json"
        if not told.exists():
            part = folder / "database.part"
            part.write_text(json.dumps(set_up()))
            part.replace(told)  # all of it at once
        return json.loads(told.read_text())


@pytest.mark.parametrize("n", range(3))
def test_query(database, n):
    if n == 0:
        os.kill(os.getpid(), signal.SIGTERM)
    assert database["name"] == "test_shop"


def main():
    with TemporaryDirectory() as folder, chdir(folder):
        print(run(__file__, "-p", "xdist", "-n", "2")[-1])
        with open("log") as log:
            print("set-ups:", len(log.readlines()))


if __name__ == "__main__":
    main()
