"""Several workers update one number: each way, as it is measured."""

import threading
from contextlib import ExitStack, contextmanager
from multiprocessing import Lock, Manager, Pipe, Process, Value

from _case import Group

GROUP = Group("contention", [1, 2, 4, 8])


def add_to_value(connection, number):
    while (times := connection.recv()) is not None:
        for _ in range(times):
            with number.get_lock():
                number.value += 1
        connection.send("done")


def add_to_dict(connection, counts, lock):
    while (times := connection.recv()) is not None:
        for _ in range(times):
            with lock:
                counts["orders"] += 1
        connection.send("done")


@contextmanager
def workers(number, target, *arguments):
    """Start them, and give the function that has them share `loops`."""
    with ExitStack() as stack:
        connections, processes = [], []
        for _ in range(number):
            ours, theirs = Pipe()
            process = Process(target=target, args=(theirs, *arguments))
            connections.append(stack.enter_context(ours))
            processes.append(process)
            with theirs:
                process.start()

        def run(loops):
            for n, connection in enumerate(connections):
                connection.send((loops + n) // number)
            for connection in connections:
                connection.recv()

        yield run
        for connection, process in zip(
            connections, processes, strict=True
        ):
            connection.send(None)
            process.join()


@GROUP.case("threading.Lock, one thread", baseline=True)
def thread_lock(size):
    lock, number = threading.Lock(), [0]

    def run(loops):
        for _ in range(loops):
            with lock:
                number[0] += 1

    yield run, lambda: number[0]


@GROUP.case("Value, under its lock")
def value(size):
    count = Value("q")
    with workers(size, add_to_value, count) as run:
        yield run, lambda: count.value


@GROUP.case("Manager().dict() and a Lock")
def manager_dict(size):
    with Manager() as manager:
        counts = manager.dict(orders=0)
        with workers(size, add_to_dict, counts, Lock()) as run:
            yield run, lambda: counts["orders"]


if __name__ == "__main__":
    GROUP.show()
