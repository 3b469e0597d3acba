# /// script
# dependencies = ["pytest"]
# ///
"""A fixture ends the processes that a failed test has started."""

from multiprocessing import Process, active_children, parent_process

import pytest
from _run import run


def serve():
    parent_process().join()  # until pytest has ended


@pytest.fixture
def start():
    children = []

    def start(target, *args):
        child = Process(target=target, args=args)
        child.start()
        children.append(child)
        return child

    yield start
    for child in children:
        child.terminate()
        child.join(timeout=5)
        child.kill()  # if it handles or ignores SIGTERM
        child.join()


def test_fails(start):
    start(serve)
    assert 1 == 2


def test_no_child_is_left():
    assert active_children() == []


def main():
    print(run(__file__)[-1])


if __name__ == "__main__":
    main()
