"""What can be shared: how each thing is made, changed and looked at.

Each child imports this, so what only some things need is imported where they are made.
"""

import os
import random
import signal
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

FOLDER = os.environ.get("SEES_FOLDER", ".")
"""Where a run keeps its files."""


class Thing(NamedTuple):
    """A thing, whose state differs before and after a change."""

    title: str
    make: Callable[[], Any]
    change: Callable[[Any, int], object]
    """Change it; the number is another one each time."""
    look: Callable[[Any], object]
    """Its state, as one who has it sees it."""
    end: Callable[[Any], object] = lambda made: None
    leave: Callable[[Any], object] = lambda had: None
    """What the child does with it in the end."""
    kind: str = "object"
    """`setting`: of the process, and no object that could be given to a child; `module`: it stands
    at the top of the file, and only its state is made there or elsewhere."""
    apart: str = ""
    """What comes of two of them."""


def nothing() -> None:
    """Of a setting, there is no object."""


def first(made: Any) -> object:
    return made[0]


def set_first(made: Any, number: int) -> None:
    made[0] = number


def made_of(name: str) -> Callable[..., Any]:
    """A class or function of multiprocessing, when it is called."""

    def make(*arguments: object) -> Any:
        import multiprocessing

        return getattr(multiprocessing, name)(*arguments)

    return make


def toggle(lock: Any, _: int) -> None:
    if not lock.acquire(False):
        lock.release()


def is_held(lock: Any) -> bool:
    if lock.acquire(False):
        lock.release()
        return False
    return True


def make_thread_lock() -> Any:
    import threading

    return threading.Lock()


def make_lambda() -> Callable[..., Any]:
    box = [0]
    return lambda *new: box.append(new[0]) if new else len(box)


def make_block() -> Any:
    from multiprocessing.shared_memory import SharedMemory

    return SharedMemory(create=True, size=4)


def unlink(block: Any) -> None:
    block.close()
    block.unlink()


def open_file() -> Any:
    return open(f"{FOLDER}/orders.txt", "w+", encoding="utf-8")


def write_line(file: Any, number: int) -> None:
    print(number, file=file, flush=True)


def read_all(file: Any) -> str:
    file.seek(0)
    return str(file.read())


def make_sockets() -> Any:
    import socket

    return socket.socketpair()


def waiting(pair: Any) -> str:
    """What can be received, and stays."""
    import socket

    try:
        return str(pair[0].recv(100, socket.MSG_PEEK | socket.MSG_DONTWAIT).decode())
    except BlockingIOError:
        return ""


def close_both(pair: Any) -> None:
    for one in pair:
        one.close()


def connect() -> Any:
    import sqlite3

    made = sqlite3.connect(f"{FOLDER}/orders.db", timeout=0.1)
    made.execute("CREATE TABLE IF NOT EXISTS orders (number)")
    return made


def insert(database: Any, number: int) -> None:
    with database:
        database.execute("INSERT INTO orders VALUES (?)", [number])


def insert_only(database: Any, number: int) -> None:
    """Leave the transaction open."""
    database.execute("INSERT INTO orders VALUES (?)", [number])


def commit(database: Any) -> None:
    try:
        database.commit()
    finally:
        database.close()


def count(database: Any) -> object:
    return database.execute("SELECT count(*) FROM orders").fetchone()[0]


def set_handler(_: object, number: int) -> None:
    signal.signal(signal.SIGTERM, lambda *_: number)


def handler(_: object) -> str:
    found = signal.getsignal(signal.SIGTERM)
    return str(found(0, None) if callable(found) else found)


def go_to(_: object, number: int) -> None:
    folder = f"{FOLDER}/{number}"
    os.makedirs(folder, exist_ok=True)
    os.chdir(folder)


def draw(_: object) -> float:
    """The next number, without taking it."""
    state = random.getstate()
    try:
        return random.random()
    finally:
        random.setstate(state)


@lru_cache
def price(number: int) -> int:
    return number


class Shop:
    """A class whose attribute is changed."""

    discount = 0


def set_discount(_: object, number: int) -> None:
    Shop.discount = number


def make_array() -> Any:
    import numpy

    return numpy.zeros(4)


def import_numpy() -> None:
    import numpy  # noqa: F401


def seed_numpy(_: object, number: int) -> None:
    import numpy

    numpy.random.seed(number)


def draw_of_numpy(_: object) -> float:
    import numpy

    state = numpy.random.get_state()
    try:
        return float(numpy.random.random())
    finally:
        numpy.random.set_state(state)


THINGS = {
    "list": Thing("List, dict, plain object", lambda: [0], set_first, first),
    "class-attribute": Thing(
        "Class attribute", Shop, set_discount, lambda shop: shop.discount, kind="module"
    ),
    "lru-cache": Thing(
        "lru_cache",
        lambda: price,
        lambda function, number: function(number),
        lambda function: function.cache_info().currsize,
        kind="module",
    ),
    "lambda": Thing(
        "Lambda, local function",
        make_lambda,
        lambda function, number: function(number),
        lambda function: function(),
    ),
    "numpy-array": Thing("NumPy array", make_array, set_first, lambda array: int(array[0])),
    "value": Thing(
        "Value",
        lambda: made_of("Value")("i"),
        lambda value, number: setattr(value, "value", number),
        lambda value: value.value,
    ),
    "array": Thing("Array", lambda: made_of("Array")("i", 4), set_first, first),
    "lock": Thing("Lock", made_of("Lock"), toggle, is_held, apart="one does not exclude the other"),
    "queue": Thing(
        "Queue",
        made_of("Queue"),
        lambda queue, number: queue.put(number),
        lambda queue: queue.qsize(),
        lambda queue: queue.cancel_join_thread(),
        apart="no item gets from one to the other",
    ),
    "manager-dict": Thing(
        "Dict of a manager", lambda: made_of("Manager")().dict({0: 0}), set_first, first
    ),
    "shared-memory": Thing(
        "SharedMemory",
        make_block,
        lambda block, number: set_first(block.buf, number),
        lambda block: first(block.buf),
        unlink,
    ),
    "thread-lock": Thing(
        "Lock of threading",
        make_thread_lock,
        toggle,
        is_held,
        apart="one does not exclude the other",
    ),
    "open-file": Thing("Open file", open_file, write_line, read_all, lambda file: file.close()),
    "socket": Thing(
        "Socket",
        make_sockets,
        lambda pair, number: pair[1].send(str(number).encode()),
        waiting,
        close_both,
    ),
    "database": Thing(
        "Database connection", connect, insert, count, lambda database: database.close()
    ),
    "transaction": Thing(
        "Database connection, in a transaction",
        connect,
        insert_only,
        count,
        commit,
        lambda database: database.close(),
    ),
    "environment": Thing(
        "Environment variable",
        nothing,
        lambda _, number: os.environ.update(ORDERS=str(number)),
        lambda _: os.environ.get("ORDERS", ""),
        kind="setting",
    ),
    "current-folder": Thing(
        "Current folder", nothing, go_to, lambda _: os.getcwd(), kind="setting"
    ),
    "signal-handler": Thing("Signal handler", nothing, set_handler, handler, kind="setting"),
    "random-seed": Thing(
        "Seed of random", nothing, lambda _, number: random.seed(number), draw, kind="setting"
    ),
    "numpy-seed": Thing(
        "Seed of numpy.random", import_numpy, seed_numpy, draw_of_numpy, kind="setting"
    ),
}
"""By the name that the command line and addresses have."""
