"""What docs/costs/pay-less.md says."""

import os
import pickle
import sys
from multiprocessing import Lock, Manager, Pipe, Value, get_context
from multiprocessing.pool import Pool
from multiprocessing.shared_memory import SharedMemory
from typing import Any

import numpy

from tests.claims import changed, no_fact, script, shown
from tests.claims._costs import ratios
from tests.claims._recorders import calls_of


class _Recorded(Pool):
    """A pool of two workers that records what goes to them and what comes back."""

    def __init__(self) -> None:
        super().__init__(2, context=get_context())

    def _setup_queues(self) -> None:
        super()._setup_queues()  # type: ignore[misc]
        self.sent: list[Any] = []
        self.received: list[Any] = []
        put, get = self._quick_put, self._quick_get  # type: ignore[has-type]

        def recorded_put(task: Any) -> None:
            self.sent.append(task)
            put(task)

        def recorded_get() -> Any:
            self.received.append(result := get())
            return result

        self._quick_put, self._quick_get = recorded_put, recorded_get


def _messages(chunksize: int | None, tasks: int = 80) -> tuple[int, int]:
    """How many messages bring tasks to two workers, and how many their results back."""
    with _Recorded() as pool:
        assert pool.map(abs, range(tasks), chunksize) == list(range(tasks))
        return len(pool.sent), len(pool.received)


def share_less_often() -> None:
    """Share less often: collect within each process, send or change once, and put big arrays
    where both processes see them.

    Times that were measured more carefully are in What sharing costs.

    If the tasks are few, long and of different length, send them one at a time.

    Do the same with a `Queue`: put one list of a hundred items in place of a hundred items.

    See a NumPy array without a copy for the whole recipe.
    """
    no_fact("advice, and where to read on")


def overhead() -> None:
    """That is how to speed up a program with `multiprocessing` whose overhead is mostly the
    number of its messages and locks.
    """
    prices = "advice: 1,000 prices"
    assert (
        min(ratios(f"{prices} into a Value, one at a time", f"{prices} into a Value, summed first"))
        > 10
    )
    assert (
        min(
            ratios(
                f"{prices} through a Pipe, one at a time", f"{prices} through a Pipe, as one list"
            )
        )
        > 10
    )


def slow_and_fast() -> None:
    """Each program on this page does the same work in a slow way and in a fast way, and times
    both in one run. The times differ from run to run and from machine to machine, so the outputs
    have `...` in place of them: run the programs to see yours.
    """
    shown("pay-less/batch", "perf_counter()", "add_each: 399980000 in", "add_once: 399980000 in")
    shown(
        "pay-less/chunks",
        "perf_counter()",
        "chunksize=1: 14869550 in",
        "chunksize=500: 14869550 in",
    )
    shown(
        "pay-less/one_message",
        "perf_counter()",
        "5000 messages: 12497500 in",
        "1 messages: 12497500 in",
    )
    shown(
        "pay-less/local_copy",
        "perf_counter()",
        "through the proxy: 45000 in",
        "from a copy: 45000 in",
    )
    shown("pay-less/from_which_size", "perf_counter()", "4096 bytes sent:", "4096 bytes named:")
    shown("pay-less/fill", "perf_counter()", "computed into the block:", "computed, then copied:")


def add_up_first() -> None:
    """Add up in a local variable of the worker, and change the shared number once at the end.

    Here each worker first acquires the lock for every price, and then only once:

    The total is the same.
    """
    shown(
        "pay-less/batch",
        "subtotal = sum(PRICES)",
        "with total.get_lock():\n        total.value += subtotal",
    )
    shown("pay-less/batch", "for price in PRICES:\n        with total.get_lock():")
    shown("pay-less/batch", "add_each: 399980000 in", "add_once: 399980000 in")


def one_at_a_time() -> None:
    """Only one process at a time can hold a lock; the others wait for it."""
    lock = Lock()
    with lock:
        assert not lock.acquire(block=False)


def start_included() -> None:
    """Both times include the start of the processes, which takes longer under `spawn` and
    `forkserver` than under `fork`.
    """
    shown(
        "pay-less/batch",
        "started = perf_counter()\n    for worker in workers:\n        worker.start()",
    )
    for method in "spawn", "forkserver":
        assert min(ratios(f"starts: Process, {method}", "starts: Process, fork")) > 1


def not_seen_before() -> None:
    """Until a worker has added its sum, other processes do not see it in the shared number:
    choose how often to add by how fresh the number must be. If a worker is killed before it adds,
    its whole sum is missing from the total: look at its `exitcode`.
    """
    total, subtotal = Value("q", 0), 0
    for price in range(10):
        subtotal += price
        assert total.value == 0
    total.value += subtotal
    assert total.value == 45
    killed = script(changed("pay-less/batch", ("sum(PRICES)", "sum(PRICES) and exit(3)")))
    assert "\nadd_once: 0 in" in killed.stdout
    assert killed.status == 0


def chunks() -> None:
    """A pool sends its tasks to the workers in chunks, one chunk in a message. With
    `chunksize=1`, every task is a message of its own, and so is every result:

    No worker is then idle while tasks wait in the chunk of another worker.

    Without `chunksize`, `Pool.map` makes at most four chunks for each worker.
    """
    assert _messages(40) == (2, 2)
    assert _messages(1) == (80, 80)
    assert _messages(None) == (8, 8)
    assert _messages(None, 3) == (3, 3)


def one_unless_you_set_it() -> None:
    """`imap` and the `map` of a ProcessPoolExecutor send tasks one at a time unless you set it."""
    from concurrent.futures import ProcessPoolExecutor
    from inspect import signature

    for function in Pool.imap, ProcessPoolExecutor.map:
        assert signature(function).parameters["chunksize"].default == 1


def small_messages() -> None:
    """Most of the cost of a small message is sending and receiving it, whatever it holds, so
    put many items into one list:

    In our results, a message of 1,024 bytes through a `Pipe` or a `Queue` costs about as much as
    one of a single byte.
    """
    for tool in "Pipe", "Queue":
        for ratio in ratios(f"messages: {tool}, 1 KiB", f"messages: {tool}, 1 B"):
            assert 0.6 < ratio < 1.6


def a_copy() -> None:
    """A manager's dict and list are proxies: reading an item sends a message to the process of
    the manager and waits for its answer. `copy()` gets all items with one such call,
    but a manager's dict or list in it is still a proxy:

    For a list, write `prices[:]`. Writing back is one call too: `prices.update(changes)`. The
    copy does not follow later changes; a configuration that changes shows how to notice them.
    """
    with Manager() as manager:
        prices, numbers = manager.dict(apple=30, pear=40), manager.list([1, 2])
        calls, of_list = calls_of(prices), calls_of(numbers)
        assert (prices["apple"], prices["pear"], numbers[0]) == (30, 40, 1)
        copy, all_numbers = prices.copy(), numbers[:]
        prices.update({"apple": 31, "pear": 41})
        assert calls == ["__getitem__", "__getitem__", "copy", "update"]
        assert of_list == ["__getitem__", "__getitem__"]
        assert (type(copy), copy) == (dict, {"apple": 30, "pear": 40})
        assert (type(all_numbers), all_numbers) == (list, [1, 2])
        assert prices["apple"] == 31
        outer: Any = manager.dict(prices=prices, numbers=numbers)
        copied = outer.copy()
        prices["apple"] = 32
        assert copied["prices"]["apple"] == 32
        assert type(copied["numbers"]) is type(numbers)


def copied_several_times() -> None:
    """An array in a message is copied several times: it is pickled, written, read, and made an
    array again.
    """
    sent = numpy.arange(1000)
    assert sent.tobytes() in pickle.dumps(sent), "the bytes that are written hold all of it"
    ours, theirs = Pipe()
    with ours, theirs:
        ours.send(sent)
        received = theirs.recv()
    assert not numpy.shares_memory(sent, received)
    assert (sent == received).all()


def only_its_name() -> None:
    """If the data is in a block, only its name or its size has to be sent:

    The worker reads only one number of a named array, whatever its size.

    Here the data is already in the block, and the worker has the block mapped.
    """
    shown(
        "pay-less/from_which_size",
        "milliseconds(ours, size)",
        'numpy.frombuffer(block, "uint8", frame)',
    )
    shown("pay-less/from_which_size", "connection.send(int(frame[0]))", "args=(theirs, block)")


def reading_all() -> None:
    """Reading all of a bigger array takes longer."""
    kept = "arrays: SharedMemory, by name, kept mapped"
    assert min(ratios(f"{kept}, 64 MiB", f"{kept}, 1 MiB")) > 10


def kept_mapped() -> None:
    """Keep it mapped: a worker that maps a block of 64 MiB anew for each message takes longer
    than one that keeps the mapping, because the pages of a new mapping are mapped by page faults.
    """
    by_name = "arrays: SharedMemory, by name"
    assert min(ratios(f"{by_name}, mapped anew, 64 MiB", f"{by_name}, kept mapped, 64 MiB")) > 1


def not_overwritten() -> None:
    """If the data has to be copied into the block first, a small array is simpler to send in a
    message, and no process can overwrite what a `Pipe` has sent. After a `put()` into a `Queue`,
    leave the array as it is: it may not be pickled yet.
    """
    sent = numpy.zeros(10)
    ours, theirs = Pipe()
    with ours, theirs:
        ours.send(sent)
        sent[:] = 1
        assert theirs.recv().sum() == 0
    shown("queue", "#> {'item': 'apple', 'crates': 99}")


def written_twice() -> None:
    """If you compute an array and then copy it into the block, everything is written twice. The
    third argument of `numpy.multiply`, also known as `out=`, lets NumPy compute directly into the
    block:
    """
    shown("pay-less/fill", "numpy.copyto(shared, photo * 2)", "numpy.multiply, photo, 2, shared")
    photo, out = numpy.ones(3), numpy.zeros(3)
    assert numpy.multiply(photo, 2, out) is out
    assert numpy.multiply(photo, 2, out=out) is out
    assert out.tolist() == [2, 2, 2]


def the_baseline() -> None:
    """The first line of times is the baseline: a copy within ordinary memory."""
    shown(
        "pay-less/fill",
        "copy = numpy.ones(LENGTH), numpy.zeros(LENGTH)",
        "milliseconds(numpy.copyto, copy, photo)",
    )
    shown("pay-less/fill", "a copy in ordinary memory: ... ms\ncomputed into the block")


def filled_again() -> None:
    """In our results, filling a block that already exists takes about as long as filling
    ordinary memory.
    """
    again = "advice: fill 64 MiB of"
    for ratio in ratios(f"{again} a shared block, again", f"{again} ordinary memory, again"):
        assert 0.7 < ratio < 1.4


def filled_anew() -> None:
    """A new block for every array costs more than eight times as much, because Linux provides its
    memory only when it is first written: create one block, and reuse it, as a ring buffer does.
    """
    block = "advice: fill 64 MiB of a shared block"
    assert min(ratios(f"{block}, made anew", f"{block}, again")) > 8
    if sys.platform == "linux":
        new = SharedMemory(create=True, size=1_000_000)
        try:
            file: int = new._fd  # type: ignore[attr-defined]
            assert os.fstat(file).st_blocks == 0
            assert new.buf is not None
            new.buf[:] = bytes(new.size)
            assert os.fstat(file).st_blocks * 512 >= 1_000_000
        finally:
            new.close()
            new.unlink()
