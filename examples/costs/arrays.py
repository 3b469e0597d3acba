# /// script
# dependencies = ["joblib", "numpy", "pyarrow"]
# ///

"""Hand a NumPy array to a worker: each way, as it is measured."""

import pickle
from contextlib import contextmanager
from multiprocessing import (
    Pipe,
    Pool,
    Process,
    Queue,
    get_all_start_methods,
    get_context,
)
from multiprocessing.managers import SharedMemoryManager
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from tempfile import TemporaryDirectory

from _case import CannotMeasure, Group, need_shared_memory

GROUP = Group("arrays", [1 << 16, 1 << 20, 1 << 23, 1 << 26])
SUM = "the sum itself, within a process"
MAPPED_ANEW = "SharedMemory, by name, mapped anew"
KEPT = "SharedMemory, by name, kept mapped"


def numbers(size):
    """An array of `size` bytes: 0.0, 1.0, 2.0, ..."""
    import numpy

    return numpy.arange(size // 8, dtype="float64")


def total(array):
    """The sum: so the worker has read all of the array."""
    return float(array.sum())


def as_it_is(array):
    return array


def answer(connection, take):
    """A worker: take each array that comes, and send its sum."""
    while (message := connection.recv()) is not None:
        connection.send(total(take(message)))


@contextmanager
def worker(target, *arguments):
    """Start it, and give the function that asks it."""
    ours, theirs = Pipe()
    process = Process(target=target, args=(theirs, *arguments))
    with ours:
        with theirs:
            process.start()

        def ask(message):
            ours.send(message)
            return ours.recv()

        yield ask
        ours.send(None)
        process.join()


def repeat(hand_over):
    """Do it so many times; the outcome is that of the last."""
    outcome = []

    def run(loops):
        for _ in range(loops):
            outcome[:] = [hand_over()]

    return run, lambda: outcome[0]


@GROUP.case(SUM, baseline=True, needs="numpy")
def no_worker(size):
    array = numbers(size)
    yield repeat(lambda: total(array))


@GROUP.case("Pool.map", needs="numpy")
def pool_map(size):
    array = numbers(size)
    with Pool(1) as pool:
        yield repeat(lambda: pool.map(total, [array])[0])


def answer_queue(inbox, outbox):
    while (array := inbox.get()) is not None:
        outbox.put(total(array))


@GROUP.case("Queue", needs="numpy")
def queue(size):
    array, inbox, outbox = numbers(size), Queue(), Queue()
    process = Process(target=answer_queue, args=(inbox, outbox))
    process.start()

    def hand_over():
        inbox.put(array)
        return outbox.get()

    yield repeat(hand_over)
    inbox.put(None)
    process.join()
    inbox.close()
    inbox.join_thread()


@GROUP.case("Pipe", needs="numpy")
def pipe(size):
    array = numbers(size)
    with worker(answer, as_it_is) as ask:
        yield repeat(lambda: ask(array))


def answer_buffers(connection):
    while head := connection.recv_bytes():
        array = pickle.loads(head, buffers=[connection.recv_bytes()])
        connection.send(total(array))


@GROUP.case("Pipe, pickle protocol 5 out of band", needs="numpy")
def out_of_band(size):
    array = numbers(size)
    ours, theirs = Pipe()
    process = Process(target=answer_buffers, args=(theirs,))
    with ours:
        with theirs:
            process.start()

        def hand_over():
            buffers = []
            head = pickle.dumps(
                array, protocol=5, buffer_callback=buffers.append
            )
            ours.send_bytes(head)
            ours.send_bytes(buffers[0].raw())
            return ours.recv()

        yield repeat(hand_over)
        ours.send_bytes(b"")
        process.join()


@GROUP.case("inherited by fork, in a new process", needs="numpy")
def inherited(size):
    if "fork" not in get_all_start_methods():
        raise CannotMeasure("no start method fork here")
    array = numbers(size)
    context = get_context("fork")

    def hand_over():
        ours, theirs = context.Pipe()
        send_sum = lambda: theirs.send(total(array))  # noqa: E731
        process = context.Process(target=send_sum)
        with ours, theirs:
            process.start()
            outcome = ours.recv()
            process.join()
        return outcome

    yield repeat(hand_over)


def in_block(block, size):
    """The array of `size` bytes that a block holds."""
    import numpy

    return numpy.ndarray(size // 8, "float64", buffer=block.buf)


def answer_names(connection, size, keep):
    """A worker: map the block of each name that comes, send its sum.

    With `keep`, the block stays mapped, and is found by its name.
    """
    kept = {}
    while (name := connection.recv()) is not None:
        block = kept.get(name) or SharedMemory(name)
        connection.send(total(in_block(block, size)))
        if keep:
            kept[name] = block
        else:
            block.close()
    for block in kept.values():
        block.close()


@contextmanager
def block_and_worker(size, keep=False):
    """A block, the array in it, and a worker that takes its name."""
    need_shared_memory(size)
    with SharedMemoryManager() as manager:
        block = manager.SharedMemory(size)
        shared = in_block(block, size)
        with worker(answer_names, size, keep) as ask:
            yield block.name, shared, ask
        del shared


@GROUP.case("SharedMemory, copied in, mapped anew", needs="numpy")
def shared_copy(size):
    import numpy

    array = numbers(size)
    with block_and_worker(size) as (name, shared, ask):

        def hand_over():
            numpy.copyto(shared, array)
            return ask(name)

        yield repeat(hand_over)
        del shared


@GROUP.case(MAPPED_ANEW, needs="numpy")
def shared_name(size):
    with block_and_worker(size) as (name, shared, ask):
        shared[:] = numbers(size)
        yield repeat(lambda: ask(name))
        del shared


@GROUP.case(KEPT, needs="numpy")
def shared_kept(size):
    with block_and_worker(size, keep=True) as (name, shared, ask):
        shared[:] = numbers(size)
        yield repeat(lambda: ask(name))
        del shared


def map_file(path):
    import numpy

    return numpy.memmap(path, "float64", "r")


@GROUP.case("file, written and mapped", needs="numpy")
def mapped_file(size):
    array = numbers(size)
    with (
        TemporaryDirectory() as folder,
        worker(answer, map_file) as ask,
    ):
        path = Path(folder, "numbers")

        def hand_over():
            array.tofile(path)
            return ask(path)

        yield repeat(hand_over)


def map_joblib(path):
    import joblib

    return joblib.load(path, mmap_mode="r")


@GROUP.case("joblib file, dumped and mapped", needs="joblib")
def joblib_file(size):
    import joblib

    array = numbers(size)
    with (
        TemporaryDirectory() as folder,
        worker(answer, map_joblib) as ask,
    ):
        path = str(Path(folder, "numbers.joblib"))

        def hand_over():
            joblib.dump(array, path)
            return ask(path)

        yield repeat(hand_over)


def map_arrow(path):
    import pyarrow

    with pyarrow.memory_map(path) as file:
        table = pyarrow.ipc.open_file(file).read_all()
    return table["numbers"].chunk(0).to_numpy()


@GROUP.case("Arrow file, written and mapped", needs="pyarrow")
def arrow_file(size):
    array = numbers(size)
    with (
        TemporaryDirectory() as folder,
        worker(answer, map_arrow) as ask,
    ):
        import pyarrow  # it starts threads, so not before the worker

        path = str(Path(folder, "numbers.arrow"))

        def hand_over():
            table = pyarrow.table({"numbers": array})
            with pyarrow.ipc.new_file(path, table.schema) as file:
                file.write_table(table)
            return ask(path)

        yield repeat(hand_over)


if __name__ == "__main__":
    GROUP.show()
