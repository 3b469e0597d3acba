# /// script
# dependencies = ["numpy"]
# ///

"""Add 1 to a shared number: each way, as it is measured."""

import sqlite3
import threading
from multiprocessing import Array, Lock, Manager, RawValue, Value
from multiprocessing.managers import SharedMemoryManager
from pathlib import Path
from tempfile import TemporaryDirectory

from _case import Group

GROUP = Group("updates")


@GROUP.case("threading.Lock, within a process", baseline=True)
def thread_lock():
    lock, number = threading.Lock(), [0]

    def run(loops):
        for _ in range(loops):
            with lock:
                number[0] += 1

    yield run, lambda: number[0]


@GROUP.case("RawValue, no lock")
def raw_value():
    number = RawValue("q")

    def run(loops):
        for _ in range(loops):
            number.value += 1

    yield run, lambda: number.value


@GROUP.case("Value, its lock not held")
def value_unlocked():
    number = Value("q")

    def run(loops):
        for _ in range(loops):
            number.value += 1

    yield run, lambda: number.value


@GROUP.case("Value, under its lock")
def value():
    number = Value("q")

    def run(loops):
        for _ in range(loops):
            with number.get_lock():
                number.value += 1

    yield run, lambda: number.value


def under_lock(numbers, key=0):
    """Add 1 to `numbers[key]` under a lock of its own."""
    lock = Lock()

    def run(loops):
        for _ in range(loops):
            with lock:
                numbers[key] += 1

    return run, lambda: int(numbers[key])


@GROUP.case("Array, under its lock")
def array():
    numbers = Array("q", 1)

    def run(loops):
        for _ in range(loops):
            with numbers.get_lock():
                numbers[0] += 1

    yield run, lambda: numbers[0]


@GROUP.case("ShareableList and a Lock")
def shareable_list():
    with SharedMemoryManager() as manager:
        yield under_lock(manager.ShareableList([0]))


@GROUP.case("NumPy array in shared memory and a Lock", needs="numpy")
def numpy_array():
    import numpy

    with SharedMemoryManager() as manager:
        block = manager.SharedMemory(8)
        numbers = numpy.ndarray(1, "int64", buffer=block.buf)
        numbers[0] = 0
        yield under_lock(numbers)
        del numbers


@GROUP.case("Manager().dict() and a Lock")
def manager_dict():
    with Manager() as manager:
        yield under_lock(manager.dict(count=0), "count")


@GROUP.case("Manager().list() and a Lock")
def manager_list():
    with Manager() as manager:
        yield under_lock(manager.list([0]))


@GROUP.case("Manager().Value() and a Lock")
def manager_value():
    with Manager() as manager:
        number, lock = manager.Value("q", 0), Lock()

        def run(loops):
            for _ in range(loops):
                with lock:
                    number.value += 1

        yield run, lambda: number.value


@GROUP.case("file and a Lock")
def file():
    lock = Lock()
    with TemporaryDirectory() as folder:
        path = Path(folder, "count")
        path.write_text("0")

        def run(loops):
            for _ in range(loops):
                with lock:
                    path.write_text(str(int(path.read_text()) + 1))

        yield run, path.read_text


@GROUP.case("SQLite row")
def sqlite_row():
    with TemporaryDirectory() as folder:
        path = Path(folder, "count.db")
        database = sqlite3.connect(path, isolation_level=None)
        database.execute("CREATE TABLE counter (n INTEGER)")
        database.execute("INSERT INTO counter VALUES (0)")

        def run(loops):
            for _ in range(loops):
                database.execute("UPDATE counter SET n = n + 1")

        read = "SELECT n FROM counter"
        yield run, lambda: database.execute(read).fetchone()[0]
        database.close()


if __name__ == "__main__":
    GROUP.show()
