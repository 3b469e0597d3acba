"""What docs/pitfalls/hash-differs.md says."""

import hashlib
import os
import pickle
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from enum import Enum, IntEnum
from multiprocessing import Process, SimpleQueue, get_start_method
from pathlib import Path
from typing import Any
from zlib import crc32

from tests.claims import no_fact, on, raises, shown

NAMES = [f"name {number}" for number in range(100)]
HASHES = """
import multiprocessing

def report(answers):
    answers.put(hash("apple"))

if __name__ == "__main__":
    multiprocessing.set_start_method({method!r})
    answers = multiprocessing.SimpleQueue()
    workers = [multiprocessing.Process(target=report, args=(answers,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(len({hash("apple"), answers.get(), answers.get()}))
"""


@dataclass(frozen=True)
class Frozen:
    """Has a hash that is computed from a string."""

    name: str


class Fruit(Enum):
    """Has members whose hash is computed from their name."""

    APPLE = 1


class Size(IntEnum):
    """Has members whose hash is that of their number."""

    SMALL = 7


class Plain:
    """Is equal only to itself."""


PLAIN = Plain()


class Keeps:
    """Keeps its hash."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.kept = hash(name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Keeps) and other.name == self.name

    def __hash__(self) -> int:
        return self.kept


class Lacks(Keeps):
    """Keeps it, does not send it, and does not compute it again."""

    def __getstate__(self) -> dict[str, Any]:
        return {"name": self.name}


class LeavesOut(Lacks):
    """Keeps it, does not send it, and computes it again."""

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["name"])  # type: ignore[misc]


def _look(answers: "SimpleQueue[Any]", names: set[str], prices: dict[str, int], kept: Any) -> None:
    answers.put(
        {
            "text": hash("apple"),
            "bytes": hash(b"apple"),
            "tuple": hash(("apple", 1)),
            "frozen": hash(Frozen("apple")),
            "date": hash(date.max),
            "path": hash(Path("apple")),
            "enum": hash(Fruit.APPLE),
            "number": hash(7),
            "size": hash(Size.SMALL),
            "address": (hash(PLAIN), hash(None)),
            "order": list(set(NAMES)),
            "found": all(name in names for name in NAMES) and prices["name 7"] == 7,
            "kept": kept[0] in {Keeps("apple")},
            "left out": kept[1] in {LeavesOut("apple")},
        }
    )


def _two_workers() -> list[dict[str, Any]]:
    answers: SimpleQueue[dict[str, Any]] = SimpleQueue()
    prices = {name: number for number, name in enumerate(NAMES)}
    kept = Keeps("apple"), LeavesOut("apple")
    arguments = answers, set(NAMES), prices, kept
    workers = [Process(target=_look, args=arguments) for _ in range(2)]
    for worker in workers:
        worker.start()
    seen = [answers.get() for _ in workers]
    for worker in workers:
        worker.join()
    return seen


def a_checksum() -> None:
    """Do not send `hash()` of a string to another process, or compute there what has to agree
    with it: use a checksum, such as `zlib.crc32`.
    """
    shown("hash-differs/shared_out", "hash(customer)", "Worker as the parent: False")
    shown("hash-differs/checksum", "crc32(customer.encode())", "Worker as the parent: True")


def no_error() -> None:
    """Silent. The program ends with exit status 0 and a wrong result: a key that the parent gave
    to one partition is looked for in another, or each process names the same file differently.
    Under `fork` all is well within one run of the program, but the next run has other hashes.
    """
    shown("hash-differs/shared_out", "hash(customer) % 4", "Output\nWorker as the parent: False")
    shown("hash-differs/shared_out", "Output\nWorker as the parent: True\nWorker as a worker: True")
    if get_start_method() == "fork":
        next_run = subprocess.check_output([sys.executable, "-c", "print(hash('apple'))"])
        assert int(next_run) != hash("apple")


def by_start_method() -> None:
    """`fork` | as in the parent, because Python is not started again

    `forkserver` | as in the other workers, but not as in the parent

    `spawn` | different in each worker

    The same holds for a tuple, a frozen dataclass or any other object whose hash is computed from
    a string, for a date, a path or a member of a plain `Enum`, and for the order in which a set
    of strings is read. The hash of an `int`, and so of a member of an `IntEnum`, is the same
    everywhere.

    Dicts and sets that are sent to another process work there, because they are built again from
    their items.

    Under `fork`, too, a set that was sent may be read in another order.

    An object that keeps its hash in an attribute is pickled with the old value, and under
    `forkserver` and `spawn` is then not found in a dict or set of the other process.
    """
    method = get_start_method()
    parent = {
        "text": hash("apple"),
        "bytes": hash(b"apple"),
        "tuple": hash(("apple", 1)),
        "frozen": hash(Frozen("apple")),
        "date": hash(date.max),
        "path": hash(Path("apple")),
        "enum": hash(Fruit.APPLE),
        "order": list(set(NAMES)),
    }
    one, two = _two_workers()
    for name, here in parent.items():
        assert (one[name] == here) == (method == "fork"), name
        assert (one[name] == two[name]) == (method != "spawn"), name
    assert one["number"] == two["number"] == hash(7)
    assert one["size"] == two["size"] == hash(Size.SMALL) == hash(7)
    assert one["found"]
    assert one["kept"] == (method == "fork")
    assert one["left out"]
    few = set(range(1_000))
    for number in few - {3, 40}:
        few.discard(number)  # it keeps the size of its table, by which it is ordered
    assert list(few) == [3, 40]
    assert list(pickle.loads(pickle.dumps(few))) == [40, 3]


def from_an_address() -> None:
    """A function, a class, and an object whose class defines neither `__eq__` nor `__hash__` have
    a hash that is computed from their address, and so does `None` in Python 3.11. Under
    `forkserver` and `spawn`, this hash, too, can differ between processes.

    Hashes that are computed from an address can still differ.
    """
    for one in (leave_it_out, Plain, PLAIN):
        assert hash(one) == object.__hash__(one) == id(one) // 16
    none: Any = type(None)
    assert (none.__hash__ is object.__hash__) == on("Python 3.11")
    address = hash(PLAIN), hash(None)
    for worker in _two_workers():
        if get_start_method() == "fork":
            assert worker["address"] == address
        elif not on("Python 3.11"):
            assert worker["address"][1] == address[1]
    ask = "class Plain: pass\nprint(hash('a'), hash(Plain))"
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    runs = [
        subprocess.check_output([sys.executable, "-c", ask], env=environment, text=True).split()
        for _ in range(3)
    ]
    assert len({text for text, _ in runs}) == 1
    assert sys.platform != "linux" or len({address for _, address in runs}) > 1


def equal_only_to_itself() -> None:
    """But a key that is equal only to itself is not found in such a dict when it is sent once
    more, because what arrives is another copy.
    """
    sent = pickle.loads(pickle.dumps({PLAIN: 1, "name": 2}))
    assert pickle.loads(pickle.dumps(PLAIN)) not in sent
    assert pickle.loads(pickle.dumps("name")) in sent


def leave_it_out() -> None:
    """Leave that attribute out in `__getstate__`, and compute it again in `__setstate__`: without
    that, unpickling a dict or set that contains the object raises `AttributeError`.
    """
    assert _two_workers()[0]["left out"]
    assert "kept" not in LeavesOut("apple").__getstate__()
    for kind in LeavesOut, Lacks:
        apple = kind("apple")
        for sent in pickle.dumps({apple}), pickle.dumps({apple: 1}):
            if kind is LeavesOut:
                assert apple in pickle.loads(sent)
            else:
                with raises(AttributeError, text="kept"):
                    pickle.loads(sent)


def one_decides() -> None:
    """Or let one process decide, and send the others the result. If the order of a set matters,
    read `sorted(names)`.
    """
    no_fact("advice")


def a_longer_checksum() -> None:
    """For file names and cache keys use `hashlib.sha256(text.encode()).hexdigest()`, because two
    texts may have the same `crc32`.
    """
    assert crc32(b"plumless") == crc32(b"buckeroo")
    assert len(hashlib.sha256(b"apple").hexdigest()) == 64


def with_a_fixed_seed() -> None:
    """If the environment variable `PYTHONHASHSEED` is set to a number before the program starts,
    the hashes of strings, and all that are computed from them, are the same in all processes,
    unless Python runs with `-E` or `-I`. That is a way to find out whether this is your problem.
    """
    with open("hashes.py", "w") as file:
        file.write(HASHES.replace("{method!r}", repr(get_start_method())))
    run = subprocess.run(
        [sys.executable, "hashes.py"],
        env={**os.environ, "PYTHONHASHSEED": "7"}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    os.remove("hashes.py")
    assert run.stdout == "1\n"
    for option in "-E", "-I":
        ask = [sys.executable, option, "-c", "print(hash('apple'))"]
        environment = {**os.environ, "PYTHONHASHSEED": "7"}
        assert len({subprocess.check_output(ask, env=environment) for _ in range(2)}) == 2


def not_for_itself() -> None:
    """Setting it in `os.environ` does not change the process itself."""
    before = hash("a text for this check".join("12"))
    os.environ["PYTHONHASHSEED"] = "7"
    assert hash("a text for this check".join("12")) == before
    del os.environ["PYTHONHASHSEED"]
