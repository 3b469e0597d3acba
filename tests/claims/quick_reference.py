"""What docs/quick-reference.md says."""

import mmap
import re
from ctypes import c_bool, sizeof
from multiprocessing import (
    JoinableQueue,
    Pipe,
    Pool,
    Process,
    Queue,
    SimpleQueue,
    get_start_method,
)
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import RawArray, RawValue, Value
from typing import Any

from tests.claims import ROOT, no_fact, raises, shown

RESULTS = ROOT / "docs" / "costs" / "results.ipynb"
UNITS = {"ns": 0.001, "µs": 1.0, "ms": 1000.0}  # in microseconds


def _measured(case: str) -> list[float]:
    """The medians of a case in the notebook of results, in microseconds.

    Those are left out that were measured on one core, or while other programs ran.
    """
    heads: list[str] = []
    for row in re.findall(r'"\| (.*) \|(?:\\n)?"', RESULTS.read_text("utf-8")):
        first, *cells = row.split(" | ")
        if first.startswith("Median"):
            heads = cells
        elif first == case:
            quiet = [
                cell
                for head, cell in zip(heads, cells, strict=True)
                if not {"busy", "one core"} & set(head.split(", "))
            ]
            times = [cell.split()[:2] for cell in quiet]
            return [float(number.replace(",", "")) * UNITS[unit] for number, unit in times]
    raise LookupError(case)


def _write(memory: Any) -> None:
    memory[0] = 7


def _send(sender: Connection) -> None:
    sender.send("sent")


def _send_itself(sender: Connection, simple: "SimpleQueue[Connection]") -> None:
    sender.send("sent")
    simple.put(sender)


def _change(things: list[Any]) -> None:
    things[0].append(2)
    things[1]["b"] = 2


def in_short() -> None:
    """This page says in short which tool to use, how to call it, and what to watch for."""
    no_fact("an introduction")


def results_of_tasks() -> None:
    """The results of tasks | `Pool.map` or a `ProcessPoolExecutor`; share nothing

    A few long-running workers | `Process`
    """
    shown("pool/smallest", "pool.map(shrink, [640, 800, 1024])", "[320, 400, 512]")
    shown("process-pool-executor/smallest", "executor.map(shrink, [640, 800, 1024])", "[320, 400")
    shown("process/smallest", "Process(target=", ".join()")


def messages() -> None:
    """Tasks and messages between many processes | `Queue`; to know when all are done,
    `JoinableQueue`

    Messages between two processes | `Pipe`
    """
    shown("queue/several_workers", "orders.get()", "packed.put(order)", "Packed: [0, 1, 2, 3")
    shown("joinable-queue/smallest", "orders.join()", "All orders packed")
    shown("pipe/smallest", "Pipe()", "pear 4\napple 3")


def data() -> None:
    """One number | `Value`

    A fixed number of numbers | `Array`; several fields: a structure

    A dict, a list or an object that changes | `Manager`, or your own class on a manager

    A NumPy array, a table, bytes | `SharedMemory`: array, table

    Big data that no process changes | a file that each process maps

    A few numbers and texts, by name | `ShareableList`

    A big file that many processes read | `mmap`

    To connect programs that were started separately | a socket, a block, a manager or a file

    Data that remains after the program ends | a file or SQLite
    """
    shown("value/smallest", "Value(")
    shown("array/smallest", "Array(")
    shown("ctypes-structure/smallest", "(Structure)")
    shown("manager/smallest", "manager.dict()")
    shown("custom-manager/smallest", 'register("Scoreboard"')
    shown("shared-memory/smallest", "SharedMemory(create=True", "b'..###...'")
    shown("numpy-array/own_rows", "SharedMemory(")
    shown("dataframe/arrow_block", "SharedMemory")
    shown("read-only-model/mapped_file", 'np.load(path, mmap_mode="r")', "writeable: False")
    shown("shareable-list/smallest", 'ShareableList(["kitchen", 0.0, False, None])')
    shown("shareable-list/by_name", "name=")
    shown("mmap/smallest", "mmap.mmap(file.fileno(), 0)")
    shown("two-scripts/server", "Listener(")
    shown("two-scripts/memory_writer", "SharedMemory(")
    shown("two-scripts/manager_server", "House(ADDRESS, KEY)", "manager.readings()")
    shown("sqlite-and-files/append_lines", 'open(path, "a"', "Lines: 300 different: 300")
    shown("sqlite-and-files/counter", "sqlite3.connect(")


def turns() -> None:
    """To let one process through at a time, or n | `Lock`, `Semaphore`

    To let many read at once, or one write alone | a file lock

    To signal "now" or "stop" | `Event`

    To wait until a condition is true | `Condition`

    To wait until all processes have reached a point | `Barrier`

    `Lock()`, `RLock()`, `Semaphore(value=1)` | which process may continue |

    `Event()`, `Condition(lock=None)`, `Barrier(parties, ...)` | when processes may continue |
    """
    shown("lock/smallest", "Lock()", "with lock:")
    shown("rlock/smallest", "RLock()", "with lock:")
    shown("semaphore/smallest", "Semaphore(2)")
    shown("readers-writer-lock/rw_lock", "two readers", "one writer")
    shown("event/smallest", "ready.wait()")
    shown("event/stop", "stop.set()")
    shown("condition/smallest", "wait_for(")
    shown("barrier/smallest", "all_written.wait()")


def its_own_lock() -> None:
    """`Value("i", 0)` | one number | its own, `get_lock()`

    `Array("d", 5)` | numbers | its own, `get_lock()`

    `RawValue("i", 0)`, `RawArray("d", 5)` | numbers | yours
    """
    shown("race/fixed", "with sold.get_lock():", "Tickets sold: 100")
    shown("array/under_lock", "get_lock()")
    shown("raw-value/own_lock", "with lock:", "RawValue(", "RawArray(")
    assert not hasattr(RawValue("i", 0), "get_lock")
    assert not hasattr(RawArray("d", 5), "get_lock")


def items() -> None:
    """`Queue(maxsize=0)`, `JoinableQueue(maxsize=0)` | items, as copies | not needed

    `SimpleQueue()` | items, as copies | not needed

    A queue needs no lock.
    """
    shown("queue/copies", "'paid': True}\nWas sent:  {'item': 'pear', 'paid': False}")
    shown("queue/several_workers", "= orders.get()", "Packed: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]")
    shown("joinable-queue/smallest", "= orders.get()", "All orders packed, crates: 15")
    shown("simple-queue/several_workers", "= orders.get()", "Packed: [0, 1, 2, 3, 4, 5, 6, 7, 8")
    queues: list[Any] = [Queue(), JoinableQueue(), SimpleQueue()]
    for queue in queues:
        item = {"a": 1}
        queue.put(item)
        received = queue.get()
        assert received == item
        assert received is not item
        queue.close()


def ends_of_a_pipe() -> None:
    """`Pipe(duplex=True)` | items, as copies | not needed with one process, or thread, at
    each end

    An end of a `Pipe` | as an argument | yes, while the sender runs | a pipe
    """
    receiver, sender = Pipe(duplex=False)
    queue: Queue[Connection] = Queue()
    simple: SimpleQueue[Connection] = SimpleQueue()
    item = {"a": 1}
    sender.send(item)
    received = receiver.recv()
    assert received == item
    assert received is not item
    assert not any("lock" in name for name in vars(sender))
    child = Process(target=_send_itself, args=(sender, simple))
    child.start()
    assert receiver.recv() == "sent"
    child.join()
    with raises(OSError):
        simple.get()
    simple.close()
    with Pool(1) as pool:
        pool.apply(_send, (sender,))
        assert receiver.recv() == "sent"
    queue.put(sender)
    with queue.get() as same:
        same.send("sent again")
    assert receiver.recv() == "sent again"
    receiver.close()
    sender.close()
    queue.close()


def of_a_manager() -> None:
    """`Manager()`: its `dict()`, `list()`, `Namespace()` | an object in a server process | yours,
    for more than one step

    For every change that is more than one step, hold a lock around a manager's dict, too.
    """
    shown("race/manager_dict_unsafe", "4 sellers: 1")
    shown("race/manager_dict_fixed", "with lock:", "4 sellers: 4")


def bytes_and_texts() -> None:
    """`SharedMemory(name=None, create=False, size=0, ...)` | bytes | yours

    `ShareableList([1, "a"])` | numbers and texts, each in a space of fixed size | yours

    `mmap(fileno, length, ...)` | the bytes of a file | yours
    """
    shown("shared-memory/with_lock", "with lock:", "SharedMemory(")
    shown("shareable-list/with_lock", "with lock:", "ShareableList(")
    shown("shareable-list/room", "ValueError")
    shown("mmap/own_lock", "with lock:", "mmap.mmap(")


def processes_and_pools() -> None:
    """`Process(group=None, target=None, ...)` | what you pass to it |

    `Pool(processes=None, initializer=None, initargs=(), ...)` | tasks and results, as copies |

    `ProcessPoolExecutor(max_workers=None, mp_context=None, ...)` | tasks and results, as copies |

    A list, a dict, a number, a text | as a copy | as a copy | memory of the process

    A list or dict that you pass to a process is copied, and no error is reported.
    """
    shown("process/arguments", "args=(order, sender)", "The clerk has ['apple', 'pear']")
    shown("process-pool-executor/smallest", "executor.map(shrink", "[320, 400, 512]")
    things: list[Any] = [[1], {"a": 1}]
    child = Process(target=_change, args=(things,))
    child.start()
    child.join()
    assert child.exitcode == 0
    with Pool(1) as pool:
        pool.apply(_change, (things,))
    assert things == [[1], {"a": 1}]


def how_they_travel() -> None:
    """`Value`, `Array`, `RawArray` | as an argument | no: use `initializer=` | memory

    Locks, `Event`, queues | as an argument | no: use `initializer=` | a semaphore, a pipe

    `SharedMemory`, `ShareableList` | as an argument, or its name | yes, if the first was made
    before the workers | memory

    A manager's proxy | as an argument, kept in a variable | yes, kept in a variable | a message and
    its answer
    """
    shown(
        "quick-reference/picklable",
        "Synchronized       no: RuntimeError\nSynchronizedArray  no: RuntimeError",
        "c_double_Array_3   no: RuntimeError\nQueue              no: RuntimeError",
        "Lock               no: RuntimeError\nEvent              no: RuntimeError",
        "SharedMemory       yes\nShareableList      yes\nDictProxy          yes",
    )
    shown("pool-argument/with_initializer", "initargs=(counter,)")
    shown("shared-memory/smallest", "args=(picture,)")
    shown("shared-memory/by_name", "args=(picture.name, row, color)")
    shown("shareable-list/smallest", "args=(sensor,)")
    shown("tracker-per-worker/worker_first", "Sum: 60", "1 leaked shared_memory objects")
    shown("tracker-per-worker/block_first", "create=True", "with Pool(1)", "Output\nSum: 60")
    shown("manager/smallest", "args=(film, stars, ratings)")


def under_fork_only() -> None:
    """`mmap` | under `fork` only | no | memory

    Except for `mmap`, this table holds for all start methods.
    """
    shown("quick-reference/picklable", "Output\n", "mmap               no: TypeError")
    with mmap.mmap(-1, 8) as memory:
        child = Process(target=_write, args=(memory,))
        if get_start_method() == "fork":
            child.start()
            child.join()
            assert memory[0] == 7
        else:
            with raises(TypeError, text="cannot pickle"):
                child.start()


def measurements() -> None:
    """In our measurements, on one machine, a change in shared memory with its lock took less than
    10 microseconds. A short message and its answer took about 50 to 300 microseconds. A new process
    took 3 to 5 milliseconds under `fork`, and more than ten times as long under `spawn`.
    """
    changes = ["Value, under its lock", "Array, under its lock", "ShareableList and a Lock"]
    changes += ["NumPy array in shared memory and a Lock"]
    assert max(time for case in changes for time in _measured(case)) < 10
    assert len(_measured("Pipe, 1 B")) >= 2
    messages = ["Pipe", "SimpleQueue", "Queue", "JoinableQueue", "Manager().Queue()"]
    times = [time for case in messages for time in _measured(f"{case}, 1 B")]
    assert min(times) >= 45
    assert max(times) <= 310
    assert all(3000 <= time <= 5000 for time in _measured("Process, fork"))
    for fork, spawn in zip(_measured("Process, fork"), _measured("Process, spawn"), strict=True):
        assert spawn > 10 * fork


def type_codes() -> None:
    """`"b"`, `"h"`, `"i"`, `"q"` | integer | 1, 2, 4, 8

    `"B"`, `"H"`, `"I"`, `"Q"` | integer, not negative | 1, 2, 4, 8

    `"f"`, `"d"` | floating-point number | 4, 8

    `"c"` | one byte | 1
    """
    for codes, sizes in {
        "bhiq": [1, 2, 4, 8],
        "BHIQ": [1, 2, 4, 8],
        "fd": [4, 8],
        "c": [1],
    }.items():
        assert [sizeof(RawValue(code)) for code in codes] == sizes
    for code in "bhiq":
        assert RawValue(code, -1).value == -1
    for code in "BHIQ":
        assert RawValue(code, -1).value > 0
    assert RawValue("f", 0.5).value == RawValue("d", 0.5).value == 0.5
    assert RawValue("c", b"x").value == b"x"


def a_boolean() -> None:
    """For a Boolean, use `ctypes.c_bool`."""
    ready: Any = Value(c_bool, True)
    assert ready.value is True


def pointers() -> None:
    """The page on `Value` has all type codes."""
    no_fact("a pointer to another page")


def rules() -> None:
    """Start processes and managers under `if __name__ == "__main__":`.

    Hold the lock around the whole change: read, compute, write.

    Read all items from a queue before `join()`.

    Put only what can be pickled into a queue, do not change it after `put`, and do not rely on
    `empty()`.

    Ask inside the `with` block.

    Join all processes before the manager or the lock that they use is gone, and unlink every block
    once.

    If each task takes arguments and returns a result, share nothing.
    """
    no_fact("advice")


def globals_are_not_shared() -> None:
    """Global variables are not shared."""
    shown("globals/changed_in_child", 'orders["apple"] += 1', "worker: 0\nOrders: {'apple': 0}")
    shown("globals/changed_in_parent", "The worker sees 7", "The worker sees 19")


def ask_for_results() -> None:
    """Ask for every result of a pool: otherwise you do not see that a task failed."""
    shown("unseen-error/not_asked", "raise ValueError(", "Output\nAll packed")
    shown("unseen-error/asked", "result.get()", "Failed: no box for apple")
