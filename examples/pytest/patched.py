# /// script
# dependencies = ["pytest"]
# ///
"""What monkeypatch has replaced, and what a child sees of it."""

from multiprocessing import Process, SimpleQueue

import pytest
from _run import run

price = 10


def tell(queue):
    queue.put(price)


def patched_tell(queue):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("patched.price", 99)
        tell(queue)


@pytest.mark.parametrize("target", [tell, patched_tell])
def test_price(monkeypatch, target):
    monkeypatch.setattr("patched.price", 99)
    queue = SimpleQueue()
    child = Process(target=target, args=(queue,))
    child.start()
    child.join()
    assert queue.get() == 99


def main():
    lines = run(__file__)
    for line in lines:
        if line.startswith("E   assert"):
            print(line)
    print(lines[-1])


if __name__ == "__main__":
    main()
