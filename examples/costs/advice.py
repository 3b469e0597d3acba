# /// script
# dependencies = ["numpy"]
# ///

"""The same work the slow way and the fast way, as it is measured."""

from contextlib import contextmanager
from multiprocessing import Manager, Pipe, Pool, Process, Value
from multiprocessing.managers import SharedMemoryManager
from multiprocessing.shared_memory import SharedMemory

from _case import Group, need_shared_memory

GROUP = Group("advice")
PRICES = list(range(1000))
PAIRS = [  # the slow way, and the fast one
    (
        "1,000 prices into a Value, one at a time",
        "1,000 prices into a Value, summed first",
    ),
    (
        "1,000 prices through a Pipe, one at a time",
        "1,000 prices through a Pipe, as one list",
    ),
    (
        "1,000 small tasks, Pool.map, chunksize=1",
        "1,000 small tasks, Pool.map, chunksize=250",
    ),
    (
        "1,000 prices of a Manager list, one at a time",
        "1,000 prices of a Manager list, as a copy",
    ),
    (
        "fill 64 MiB of a shared block, made anew",
        "fill 64 MiB of a shared block, again",
    ),
]


def repeat(work):
    """Do it so many times; the outcome is that of the last."""
    outcome = []

    def run(loops):
        for _ in range(loops):
            outcome[:] = [work()]

    return run, lambda: outcome[0]


@GROUP.case("1,000 prices into a Value, one at a time")
def update_each():
    total = Value("q")

    def work():
        total.value = 0
        for price in PRICES:
            with total.get_lock():
                total.value += price
        return total.value

    yield repeat(work)


@GROUP.case("1,000 prices into a Value, summed first")
def update_once():
    total = Value("q")

    def work():
        total.value = 0
        subtotal = 0
        for price in PRICES:
            subtotal += price
        with total.get_lock():
            total.value += subtotal
        return total.value

    yield repeat(work)


def add_up(connection):
    """A worker: add what comes until None, and send the sum."""
    total = 0
    while (prices := connection.recv()) != "end":
        if prices is None:
            connection.send(total)
            total = 0
        else:
            total += sum(prices)


@contextmanager
def adder():
    ours, theirs = Pipe()
    process = Process(target=add_up, args=(theirs,))
    with ours:
        with theirs:
            process.start()
        yield ours
        ours.send("end")
        process.join()


@GROUP.case("1,000 prices through a Pipe, one at a time")
def send_each():
    with adder() as connection:

        def work():
            for price in PRICES:
                connection.send([price])
            connection.send(None)
            return connection.recv()

        yield repeat(work)


@GROUP.case("1,000 prices through a Pipe, as one list")
def send_once():
    with adder() as connection:

        def work():
            connection.send(PRICES)
            connection.send(None)
            return connection.recv()

        yield repeat(work)


def with_tax(price):
    return price * 119 // 100


@GROUP.case("1,000 small tasks, Pool.map, chunksize=1")
def tasks_of_one():
    with Pool(2) as pool:
        yield repeat(lambda: sum(pool.map(with_tax, PRICES, 1)))


@GROUP.case("1,000 small tasks, Pool.map, chunksize=250")
def tasks_of_many():
    with Pool(2) as pool:
        yield repeat(lambda: sum(pool.map(with_tax, PRICES, 250)))


@GROUP.case("1,000 small tasks, a plain loop")
def plain_loop():
    yield repeat(lambda: sum(with_tax(price) for price in PRICES))


@GROUP.case("1,000 prices of a Manager list, one at a time")
def read_each():
    with Manager() as manager:
        prices = manager.list(PRICES)
        indexes = range(len(PRICES))
        yield repeat(lambda: sum(prices[n] for n in indexes))


@GROUP.case("1,000 prices of a Manager list, as a copy")
def read_copy():
    with Manager() as manager:
        prices = manager.list(PRICES)
        yield repeat(lambda: sum(prices[:]))


SIZE = 1 << 26


@GROUP.case("fill 64 MiB of ordinary memory, again", needs="numpy")
def fill_memory():
    import numpy

    array = numpy.ones(SIZE // 8)
    target = numpy.zeros_like(array)

    def run(loops):
        for _ in range(loops):
            numpy.copyto(target, array)

    yield run, lambda: float(target.sum())


@GROUP.case("fill 64 MiB of a shared block, again", needs="numpy")
def fill_block():
    import numpy

    need_shared_memory(SIZE)
    array = numpy.ones(SIZE // 8)
    with SharedMemoryManager() as manager:
        block = manager.SharedMemory(SIZE)
        shared = numpy.ndarray(SIZE // 8, buffer=block.buf)
        shared[:] = 0

        def run(loops):
            for _ in range(loops):
                numpy.copyto(shared, array)

        yield run, lambda: float(shared.sum())
        del shared


@GROUP.case("fill 64 MiB of a shared block, made anew", needs="numpy")
def fill_new_block():
    import numpy

    need_shared_memory(SIZE)
    array = numpy.ones(SIZE // 8)

    def work():
        block = SharedMemory(create=True, size=SIZE)
        try:
            shared = numpy.ndarray(SIZE // 8, buffer=block.buf)
            numpy.copyto(shared, array)
            first = float(shared[0])
            del shared
        finally:
            block.close()
            block.unlink()
        return first

    yield repeat(work)


if __name__ == "__main__":
    GROUP.show()
