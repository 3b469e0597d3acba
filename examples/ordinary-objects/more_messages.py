"""What Python says of more objects that cannot be pickled."""

import asyncio
import contextvars
import pickle
import queue
import ssl
import threading
from collections import namedtuple
from socket import socket

Size = namedtuple("Crate", "width height")


class Pair(tuple):
    def __new__(cls, left, right):
        return super().__new__(cls, (left, right))


def explain(thing):
    try:
        pickle.loads(pickle.dumps(thing))
    except (RecursionError, TypeError, pickle.PicklingError) as error:
        print(f"{type(error).__name__}: {error}")


def main():
    waiting = asyncio.sleep(0)  # a coroutine
    explain(waiting)
    waiting.close()
    explain({"tea": 3}.keys())
    explain(ssl.create_default_context())
    explain(threading.local())
    explain(threading.Thread())
    explain(contextvars.copy_context())
    explain(queue.SimpleQueue())
    with socket() as connection:
        explain(connection)
    explain(memoryview(b"tea"))
    explain(Size(2, 3))
    explain(Pair("left", "right"))


if __name__ == "__main__":
    main()
