"""What docs/examples/one-problem.md says."""

import ast
import os
import pickle
from contextlib import closing
from mmap import mmap
from multiprocessing import (
    Array,
    Lock,
    Manager,
    Pool,
    Process,
    Queue,
    RawArray,
    SimpleQueue,
    Value,
)  # fmt: skip
from multiprocessing.shared_memory import ShareableList
from pathlib import Path
from queue import Empty
from runpy import run_path
from sqlite3 import OperationalError, connect
from tempfile import TemporaryDirectory
from threading import Thread, active_count
from typing import Any

from tests.claims import ROOT, no_fact, raises, script, shown
from tests.claims._recorders import calls_of

FOLDER = ROOT / "examples" / "one-problem"
RESULTS_OF_TWO = """
import os
from multiprocessing import Pipe, Process

def crash(sender):
    os._exit(1)

def send(sender):
    sender.send(bytes(1_000_000))

if __name__ == "__main__":
    receivers, workers = [], []
    for function in (crash, send):
        receiver, sender = Pipe(duplex=False)
        worker = Process(target=function, args=(sender,), daemon={daemon})
        worker.start()
        sender.close()
        receivers.append(receiver)
        workers.append(worker)
    receivers[1].poll(None)
    print("receiving", flush=True)
    receivers[0].recv()
"""


def _lines(program: str) -> list[str]:
    return (FOLDER / f"with_{program}.py").read_text("utf-8").splitlines()


def _code(program: str) -> list[str]:
    """Its lines without the docstring."""
    tree = ast.parse("\n".join(_lines(program)))
    return ast.unparse(ast.Module(tree.body[1:], [])).splitlines()


def _changed(one: str, other: str) -> list[str]:
    """The lines of one that the other does not have."""
    from difflib import ndiff

    return [line[2:] for line in ndiff(_code(one), _code(other)) if line[0] == "-"]


def _die(results: Any) -> None:
    os._exit(1)


def _double(number: int) -> int:
    return 2 * number


def _put_twice(results: "Queue[int]") -> None:
    results.put(1)
    results.put(2)


def advice() -> None:
    """If each worker can return its result, use `Pool.map` and let the parent add the results up.
    Share memory only if the workers must see each other's numbers while they run.

    Start with this program, unless you have a reason not to.

    There are two ways to solve that.

    So look at the exit code of each worker before you trust the total.

    This is worth the effort for big arrays, not for three numbers.
    """
    no_fact("advice, an introduction, and a judgment")


def references() -> None:
    """See Pool.

    See ProcessPoolExecutor.

    See Queue.

    See SimpleQueue.

    See JoinableQueue.

    See Pipe.

    See Manager.

    See Value.

    See Array.

    See RawArray.

    See SharedMemory.

    See ShareableList.

    See mmap.

    See SQLite.
    """
    no_fact("references")


def fifteen_programs() -> None:
    """The problem: there are four shopping baskets, each a text. Four workers count the products,
    and the program prints one total for each product. Fifteen programs solve this problem, and
    all of them print the same line.
    """
    outputs = [path.read_text("utf-8") for path in FOLDER.glob("*.out")]
    assert outputs == ["Sold: {'bread': 2, 'milk': 5, 'tea': 3}\n"] * 15
    for path in FOLDER.glob("*.py"):
        text = path.read_text("utf-8")
        assert '= ["milk bread milk", "tea milk", "milk bread", "tea tea milk"]' in text
        in_each = ("for basket in BASKETS", "(4) as pool", "range(4)")
        assert any(words in text for words in in_each), path


def how_long_they_are() -> None:
    """No other program here is shorter.

    Pool.map | no | 21

    ProcessPoolExecutor.map | no | 21

    Queue | no | 28

    SimpleQueue | no | 28

    JoinableQueue | no | 34

    Pipe | no | 33

    Manager list | no | 29

    Value | its own | 29

    Array | its own | 29

    RawArray and a Lock | yours | 29

    Manager dict and a Lock | yours | 31

    SharedMemory and a Lock | yours | 37

    ShareableList and a Lock | yours | 35

    A file mapped with mmap, and a Lock | yours | 37

    SQLite | SQLite's | 39
    """
    without = {"pool_map": 21, "executor_map": 21, "queue": 28, "simple_queue": 28}
    without |= {"joinable_queue": 34, "pipe": 33, "manager_list": 29, "sqlite": 39}
    own = {"value": 29, "array": 29}
    yours = {"raw_array": 29, "manager_dict": 31, "shared_memory": 37}
    yours |= {"shareable_list": 35, "mapped_file": 37}
    every = without | own | yours
    assert {name: len(_lines(name)) for name in every} == every
    assert len(every) == 15
    assert min(every.values()) == every["pool_map"]
    for names, lock in [(without, ""), (own, ".get_lock():"), (yours, "with lock:")]:
        for name in names:
            text = "\n".join(_lines(name))
            assert (".get_lock():" in text, "with lock:" in text) == (
                lock == ".get_lock():",
                lock == "with lock:",
            )


def in_the_order_of_the_baskets() -> None:
    """The function returns its counts, `map` returns these values as a list in the order of the
    baskets, and the parent adds them up.
    """
    shown("one-problem/with_pool_map", "return Counter(", "sum(results, Counter())", "Output\nSold")
    with Pool(2) as pool:
        assert pool.map(_double, [3, 1, 2], chunksize=1) == [6, 2, 4]
        pool.close()
        pool.join()


def two_ways() -> None:
    """Each process has memory of its own, so what a worker counts in a variable does not reach
    the parent. In the first, each worker sends its result, and the parent adds the results up.
    Each result is sent in one call, so no lock of yours is needed.
    """
    shown("globals/changed_in_child", "global ", "Output")
    shown("one-problem/with_queue", "results.put(Counter(", "results.get()", "Output\nSold")


def one_total() -> None:
    """In the second way, all workers add to one total that they share. `+= 1` is a read, an
    addition and a write, so it needs a lock. Without a lock, updates can be lost. SQLite acquires
    a lock for each transaction.
    """
    shown("one-problem/with_array", "with totals.get_lock():", "+= 1")
    shown("race/unsafe_every_time", "Output")
    shown("sqlite-and-files/database_locked", '"BEGIN IMMEDIATE"', "database is locked")


def two_lines() -> None:
    """Two lines of code change: the import and the `with`. If a worker is killed, this program
    raises an error, whereas `Pool.map` waits forever.
    """
    expected = ["from multiprocessing import Pool", "    with Pool(4) as pool:"]
    assert _changed("pool_map", "executor_map") == expected
    assert len(_changed("executor_map", "pool_map")) == 2
    shown("killed-worker/executor_raises", "os._exit(1)", "BrokenProcessPool: A process in the")
    shown("killed-worker/pool_hangs", "still running after", "os._exit(1)")


def get_before_join() -> None:
    """Now each basket has a process of its own, which puts its result into a queue. The parent
    gets one result for each worker *before* it joins the workers, because the other order can
    wait forever.
    """
    shown(
        "one-problem/with_queue", "results.get() for _ in workers), Counter())\n    for worker in"
    )
    shown("queue-deadlock/join_first", "still running after 5 s")


def its_result_never_comes() -> None:
    """If a worker raises an exception or is killed, its result never comes, and `get()` waits
    forever: see errors in workers. With a queue, a worker can also report more than once.

    If a worker raises an exception or is killed, `results.get()` waits forever here, too.

    If a worker raises an exception or is killed, its result is missing, and the program goes on,
    as in the second way.
    """
    results: Queue[int] = Queue()
    for function in (_die, _put_twice):
        worker = Process(target=function, args=(results,))
        worker.start()
        worker.join()
    assert [results.get(), results.get()] == [1, 2]
    with raises(Empty):
        results.get(timeout=0.1)
    shown("one-problem/with_queue", "def count(basket, results):\n    results.put(Counter(")
    shown(
        "one-problem/with_joinable_queue", "        results.put(Counter(", "results.get() for _ in"
    )
    shown(
        "one-problem/with_manager_list", "worker.join()\n        totals = sum(results, Counter())"
    )


def a_simple_queue() -> None:
    """Only the name changes. A `SimpleQueue` has no feeder thread, and its `get()` has no
    `timeout`. If its pipe is full, `put()` waits until another process reads.
    """
    from inspect import signature

    for line in _changed("queue", "simple_queue"):
        assert line.replace("Queue", "SimpleQueue") in _code("simple_queue")
    results: SimpleQueue[bytes] = SimpleQueue()
    assert not signature(results.get).parameters
    before = active_count()
    results.put(b"")
    assert active_count() == before
    assert results.get() == b""
    putting = Thread(target=results.put, args=(bytes(1_000_000),))
    putting.start()
    putting.join(0.1)
    assert putting.is_alive()
    assert results.get() == bytes(1_000_000)
    putting.join()


def a_joinable_queue() -> None:
    """Here the baskets are sent through a queue, and each of the four workers gets the next
    basket when it has finished one. The parent reads the results first, because a worker waits in
    `put()` if the pipe of the results is full. `baskets.join()` waits until `task_done()` has
    been called for each basket. `None` is the sentinel: it tells a worker to end.
    """
    shown("one-problem/with_joinable_queue", "range(4)", "baskets.get()) is not None")
    shown("one-problem/with_joinable_queue", "results = JoinableQueue(), SimpleQueue()")
    shown("one-problem/with_joinable_queue", "for _ in BASKETS), Counter())\n    baskets.join()")
    shown("one-problem/with_joinable_queue", "baskets.task_done()", "baskets.put(None)", "Output")


def a_pipe() -> None:
    """Each worker has a pipe of its own, so the parent knows which worker has sent a result. The
    parent closes its copy of the sending end before it starts the next worker, which under `fork`
    would inherit that copy. So only the worker can send, and if it dies, `recv()` raises an error
    instead of waiting forever (on Windows, not always): `EOFError`, or on Linux and macOS `OSError`
    after a kill in the middle of a message.
    """
    shown("pipe/killed_while_sending", "Output, on Linux and macOS\n", "OSError")
    shown("one-problem/with_pipe", "Pipe(duplex=False)", "worker.start()\n        sender.close()")
    outcome = script(RESULTS_OF_TWO.format(daemon=True))
    assert outcome.status == 1
    assert "EOFError" in outcome.stderr


def results_that_are_not_read() -> None:
    """Otherwise, after such an error, the program waits at its end for the other workers, whose
    results are no longer read.
    """
    outcome = script(RESULTS_OF_TWO.format(daemon=False), hangs_after="receiving\n")
    assert outcome.status is None


def a_manager_list() -> None:
    """A manager keeps the list in a process of its own, and each worker gets a proxy. `append` is
    one call, so no lock is needed. The parent can call `join()` first and read later, because the
    manager keeps the results.

    `totals[product] += 1` is two calls to the manager, a read and a write, so it needs a lock.
    Each call is a message to the process of the manager, which costs time. In return, the dict can
    hold any object that can be pickled.

    The workers share a dict, with texts as keys.
    """
    with Manager() as manager:
        results = manager.list([0])
        calls = calls_of(results)
        results.append(7)
        assert calls == ["append"]
        totals = manager.dict(tea=0)
        calls = calls_of(totals)
        totals["tea"] += 1
        assert calls == ["__getitem__", "__setitem__"]
        things: Any = manager.dict(tea=[{1, 2}, "text", None])
        assert things["tea"] == [{1, 2}, "text", None]
        with raises(AttributeError, pickle.PicklingError, text="lambda"):
            things["tea"] = lambda: 7
    shown("one-problem/with_manager_list", "worker.join()\n        totals = sum(results", "Output")
    shown("one-problem/with_manager_dict", "with lock:\n            totals[product] += 1")
    shown("one-problem/with_manager_dict", "dict.fromkeys(PRODUCTS, 0)", "Output\nSold")


def the_total_is_too_small() -> None:
    """If a worker raises an exception or is killed, these programs go on: `join()` returns, and
    the total is too small. If a worker is killed while it holds a lock of `multiprocessing`, the
    others wait forever.
    """
    totals = Array("i", 3)
    worker = Process(target=_die, args=(totals,))
    worker.start()
    worker.join()
    assert (totals[:], worker.exitcode) == ([0, 0, 0], 1)
    for program in ("value", "array", "raw_array", "manager_dict", "shared_memory"):
        assert "exitcode" not in "\n".join(_lines(program))
    shown("unseen-error/process_failed", "join()", "Output")
    shown("lock-holder-killed/terminated", "still running after 5 s")


def an_unknown_product() -> None:
    """These programs must know all products in advance. Another product raises an exception in the
    worker; with SQLite, it is ignored, and no error is reported.
    """
    count: dict[str, Any] = {
        program: run_path(str(FOLDER / f"with_{program}.py"))["count"]
        for program in ("value", "array", "manager_dict", "sqlite")
    }
    with raises(KeyError):
        count["value"]("sugar", {"tea": Value("i")})
    with raises(ValueError):
        count["array"]("sugar", Array("i", 3))
    with raises(KeyError):
        count["manager_dict"]("sugar", {"tea": 0}, Lock())
    for program in ("raw_array", "shared_memory", "shareable_list", "mapped_file"):
        shown(f"one-problem/with_{program}", "totals[PRODUCTS.index(product)] += 1")
    with TemporaryDirectory() as folder:
        path = Path(folder, "totals.db")
        with closing(connect(path)) as db:
            db.execute("CREATE TABLE totals (product, pieces)")
            count["sqlite"]("sugar", path)
            assert db.execute("SELECT * FROM totals").fetchall() == []


def a_value_for_each() -> None:
    """There is one `Value` for each product. Each `Value` has a lock of its own, so a worker that
    adds milk does not wait for one that adds tea.
    """
    milk, tea = Value("i"), Value("i")
    with milk.get_lock():
        assert tea.get_lock().acquire(block=False)
    tea.get_lock().release()
    shown("one-problem/with_value", '{product: Value("i") for product in PRODUCTS}', "Output\nSold")


def an_array() -> None:
    """There is one array of numbers, with one lock. The position of a product in `PRODUCTS` is
    its index in the array.

    A `RawArray` is the same memory without a lock. You pass a lock of your own, which can protect
    other data as well.
    """
    shown("one-problem/with_array", "totals[PRODUCTS.index(product)] += 1", "len(PRODUCTS)")
    shown("one-problem/with_raw_array", "args=(basket, totals, lock)", "with lock:")
    assert not hasattr(RawArray("i", 3), "get_lock")
    assert type(Array("i", 3).get_obj()) is type(RawArray("i", 3))


def a_block() -> None:
    """A block holds bytes, and `cast("i")` is a view of them as integers of 4 bytes. Each worker
    attaches to the block by its name. The parent must call `unlink()` at the end.
    """
    assert memoryview(bytes(8)).cast("i").itemsize == 4
    shown("one-problem/with_shared_memory", 'block.buf.cast("i")', "SharedMemory(name=name)")
    shown("one-problem/with_shared_memory", "    block.close()\n    block.unlink()")
    shown("leaked-shared-memory/never_unlinked", "leaked shared_memory objects")


def like_a_list() -> None:
    """A `ShareableList` is such a block that is used like a list, for numbers and short texts. It
    cannot grow.
    """
    assert not {"append", "insert", "extend"} & set(dir(ShareableList))
    shown("one-problem/with_shareable_list", "totals[PRODUCTS.index(product)] += 1", "shm.unlink()")


def bytes_of_a_file() -> None:
    """The workers change bytes of a file. If you keep the file, the bytes remain after the
    program ends, and programs that were started separately can use them, too, but not this lock:
    they need one on a file, such as `fcntl.flock`.

    Here each product has one byte, so it can count to 255.
    """
    shown("one-problem/with_mapped_file", "worker.join()\n        totals = path.read_bytes()")
    shown("one-problem/with_mapped_file", "bytes(len(PRODUCTS))")
    with mmap(-1, 3) as totals:
        totals[0] = 255
        with raises(ValueError):
            totals[0] += 1


def a_database() -> None:
    """SQLite is a database in one file."""
    shown("one-problem/with_sqlite", "sqlite3.connect(path)", "ADD_ONE", "Output\nSold")


def locked_too_long() -> None:
    """After that, the worker fails with `database is locked`: keep transactions short, or pass a
    longer `timeout`.
    """
    with TemporaryDirectory() as folder:
        holder = connect(Path(folder, "one.db"), isolation_level=None)
        other = connect(Path(folder, "one.db"), isolation_level=None, timeout=0)
        holder.execute("BEGIN IMMEDIATE")
        with raises(OperationalError, text="database is locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()
        holder.close()
