"""What docs/pitfalls/memory-grows.md says."""

import sys
from array import array
from importlib.util import find_spec
from multiprocessing import Process, SimpleQueue, get_context, get_start_method
from multiprocessing.pool import Pool
from os import getpid
from pathlib import Path
from threading import Thread
from typing import Any

from tests.claims import PRELOADED, no_fact, on, raises, script, shown

MADE_AT_IMPORT = """
from multiprocessing import Process, SimpleQueue
from pathlib import Path
from threading import Thread
from sys import getsizeof

words = [f"word {number}" for number in range(200_000)]
size = getsizeof(words) + sum(map(getsizeof, words))

def private_bytes():
    for line in Path("/proc/self/smaps_rollup").read_text().splitlines():
        if line.startswith("Private_Dirty:"):
            return int(line.split()[1]) * 1024

def read(report):
    before = private_bytes()
    for word in words:
        pass
    report.put((before > size / 2, private_bytes() - before > size / 2))

if __name__ == "__main__":
    report = SimpleQueue()
    worker = Process(target=read, args=(report,))
    worker.start()
    print("own from the beginning: {}, copied while it is read: {}".format(*report.get()))
    worker.join()
"""


def _measure(prices: "array[float]", report: "SimpleQueue[dict[str, int]]") -> None:
    lines = Path("/proc/self/smaps_rollup").read_text("utf-8").splitlines()[1:]
    fields = {line.split()[0]: int(line.split()[1]) * 1024 for line in lines}
    report.put({name: fields[name] for name in ("Rss:", "Pss:")})


def _own_id(number: int) -> int:
    return getpid()


def not_as_objects() -> None:
    """Keep big data that forked workers read in arrays of numbers, in shared memory or in a
    mapped file; a list or dict of Python objects is copied while it is read.

    Silent. At first no error is reported. The parent has loaded a big list or dict, the workers
    are forked, and each uses little memory. Then the memory of each worker grows while it reads
    the data, as if there were a leak, until it has a copy of its own.
    """
    shown("memory-grows/list_read", "copied > size / 2", "More than half of it copied: True")
    shown("memory-grows/array_read", "copied > size / 10", "More than a tenth of it copied: False")


def copied_on_write() -> None:
    """Under the start method `fork` the child begins as a copy of the parent.

    Only then is the page copied. This is called copy-on-write.
    """
    shown("memory-grows/array_read", 'get_context("fork")', "a tenth of it copied: False")
    shown("globals/changed_in_parent", "The worker sees 7")


def a_loop_counts() -> None:
    """But Python writes when it reads.

    The count is part of the object, so the page that holds the object is written to and copied.
    """
    words = [f"word {number}" for number in range(3)]
    before = sys.getrefcount(words[0])
    for word in words[:1]:
        assert sys.getrefcount(word) > before
    shown("memory-grows/list_read", "len(word) for word in words", "More than half of it copied")


def some_are_not_counted() -> None:
    """The texts, lists and dicts that your program builds still are."""
    for thing in (f"word {getpid()}", [getpid()], {1: getpid()}):
        before = sys.getrefcount(thing)
        others = [thing] * 10
        assert sys.getrefcount(thing) - before == len(others)
    before = sys.getrefcount(None)
    nothing = [None] * 1_000
    assert (sys.getrefcount(None) - before < len(nothing)) == on("Python 3.12 and later")


def an_array_is_one_object() -> None:
    """An array of numbers is one object with one count. Its numbers lie side by side without
    counts, so their pages stay shared.

    The worker reads an array of numbers of about the same size. Less than a tenth of it is
    copied.
    """
    shown(
        "memory-grows/array_read", "size > 25_000_000", "sum(prices)", "tenth of it copied: False"
    )
    prices = array("d", bytes(8_000))
    inside = memoryview(prices)
    assert (inside.contiguous, inside.nbytes, len(prices)) == (True, 8_000, 1_000)


def half_a_million() -> None:
    """The worker reads half a million texts.

    The programs of this page run on Linux only.
    """
    shown("memory-grows/list_read", "range(500_000)", "Output, on Linux\n")


def what_to_use() -> None:
    """numbers | `array`, NumPy

    tables with text | Arrow, in a mapped file

    a lookup table | SQLite, or one process that holds it for all

    bytes, long texts | one big `bytes` or `str`, not a list of small ones

    Often it is simpler to send less: a worker that gets its own part of the list as a task does
    not need the whole list.

    See one big read-only model for many workers.
    """
    no_fact("advice")


def objects_in_an_array() -> None:
    """A NumPy array with `dtype=object` holds Python objects, so it is copied like a list. An array
    of a fixed width, such as `<U11`, holds the texts themselves.
    """
    if find_spec("numpy"):
        import numpy

        words = [f"word {getpid()}" for _ in range(1_000)]
        objects, texts = numpy.array(words, dtype=object), numpy.array(words, dtype="<U11")
        assert all(one is word for one, word in zip(objects, words, strict=True))
        assert texts.nbytes == 1_000 * 11 * 4
        assert texts[0] == words[0]
        before = sys.getrefcount(words[0])
        first = objects[0]
        assert sys.getrefcount(words[0]) == before + 1
        assert texts[0] is not first
        assert texts[0] is not texts[0]


def freeze_does_not_help() -> None:
    """It does not keep a loop from counting references:"""
    shown("memory-grows/freeze", "gc.freeze()\n    fork", "More than half of it copied: True")


def under_each_start_method() -> None:
    """It has what it imports and what is sent to it, in memory of its own from the beginning.
    Its memory does not grow while it reads, but no memory is saved either.

    In Python 3.13.8 and later and 3.14.1 and later that can include your program: then what the
    program makes at import is shared at first and copied while it is read, as under `fork`.
    """
    is_shared = {"fork": True, "spawn": False, "forkserver": on(PRELOADED)}[get_start_method()]
    if sys.platform == "linux":
        expected = f"own from the beginning: {not is_shared}, copied while it is read: {is_shared}"
        assert script(MADE_AT_IMPORT).stdout == f"{expected}\n"


def rss_and_pss() -> None:
    """`RSS`, as shown by `top` and `ps`, counts a shared page in full for each process, so the
    sum over the workers is too high. `PSS` divides each shared page among the processes that
    share it.
    """
    if sys.platform == "linux" and get_start_method() == "fork":
        prices = array("d", range(1_000_000))
        size = len(prices) * prices.itemsize
        report: SimpleQueue[dict[str, int]] = SimpleQueue()
        worker = Process(target=_measure, args=(prices, report))
        worker.start()
        seen = report.get()
        worker.join()
        assert seen["Rss:"] > size
        assert seen["Pss:"] < seen["Rss:"] - size / 3


def of_an_executor() -> None:
    """The parameter of a `ProcessPoolExecutor` is `max_tasks_per_child=100`: without `mp_context`
    it makes the executor use `spawn`, and with a `fork` context it raises `ValueError`. Each new
    worker imports your modules again, and in some releases it hangs. Where it does, use a `Pool`,
    or a new executor for each batch of tasks.
    """
    from concurrent.futures import ProcessPoolExecutor

    shown("max-tasks-deadlock/hangs", "max_tasks_per_child=2", "still running after 5 s")
    with raises(ValueError, text="incompatible with the 'fork'"):
        ProcessPoolExecutor(1, mp_context=get_context("fork"), max_tasks_per_child=1)
    with ProcessPoolExecutor(1, max_tasks_per_child=100) as executor:
        context: Any = executor._mp_context
        assert context.get_start_method() == "spawn"
        assert executor.submit(abs, -1).result() == 1


def a_thread_starts_them() -> None:
    """Take the pool from `get_context("spawn")`: under `fork`, a thread of the pool starts the new
    workers, and they can inherit a lock that another thread holds.
    """
    with Pool(1) as pool:
        handler: Any = pool
        assert isinstance(handler._worker_handler, Thread)
    shown("fork-with-threads/lock_held", "Thread(", "still running after 5 s")


def a_chunk_is_one_task() -> None:
    """A chunk of `map` counts as one task, and without `chunksize`, `map` makes at most four chunks
    for each worker, too few to reach the limit: pass `chunksize=1`.
    """
    with Pool(1, maxtasksperchild=1) as pool:
        first, same, second, _ = pool.map(_own_id, range(4), chunksize=2)
        pool.close()
        pool.join()
    assert first == same != second
    for chunksize, workers in (None, 1), (1, 3):
        with Pool(1, maxtasksperchild=100) as pool:
            assert len(set(pool.map(_own_id, range(300), chunksize))) == workers
            pool.close()
            pool.join()


def even_without_a_leak() -> None:
    """This also helps where nothing leaks."""
    no_fact("an introduction: the next sentence has the source")


def modules_that_are_preloaded() -> None:
    """Under `forkserver`, preload these modules, and all workers inherit them; or start fewer
    workers.
    """
    shown("read-only-model/preload", "set_forkserver_preload", "Inherited: True")


def not_run() -> None:
    """Ray was not run here."""
    no_fact("what was not run")
