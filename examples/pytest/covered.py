# /// script
# dependencies = ["pytest", "pytest-cov"]
# ///
"""Settings of coverage, and what it then sees of two children."""

from multiprocessing import Pipe, Process, parent_process

import pytest
from _run import covered


def ends(ready):
    ready.send(True)


def is_terminated(ready):
    ready.send(True)
    parent_process().join()  # until pytest has ended


@pytest.mark.parametrize("target", [ends, is_terminated])
def test_child(target):
    receiver, ready = Pipe(duplex=False)
    child = Process(target=target, args=(ready,))
    child.start()
    receiver.recv()
    if target is is_terminated:
        child.terminate()
    child.join()


def main():
    for settings in [
        "patch = subprocess",
        "concurrency = multiprocessing\nsigterm = true",
    ]:
        lines = covered(__file__, settings)
        print(settings.replace("\n", ", "))
        for child in (ends, is_terminated):
            is_covered = child.__code__.co_firstlineno + 1 in lines
            print(f"  {child.__name__}: {is_covered}")


if __name__ == "__main__":
    main()
