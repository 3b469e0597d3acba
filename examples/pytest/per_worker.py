# /// script
# dependencies = ["pytest", "pytest-xdist"]
# ///
"""A session fixture begins and ends in each worker of pytest-xdist."""

from collections import Counter
from contextlib import chdir
from tempfile import TemporaryDirectory

import pytest
from _run import run


@pytest.fixture(scope="session")
def database():
    with open("log", "a") as log:
        log.write("set up\n")
    yield
    with open("log", "a") as log:
        log.write("ended\n")


@pytest.mark.parametrize("n", range(2))
def test_query(database, n):
    pass


def main():
    with TemporaryDirectory() as folder, chdir(folder):
        print(run(__file__, "-p", "xdist", "-n", "2")[-1])
        with open("log") as log:
            events = Counter(log.read().splitlines())
    for event in sorted(events):
        print(f"{event}: {events[event]}")


if __name__ == "__main__":
    main()
