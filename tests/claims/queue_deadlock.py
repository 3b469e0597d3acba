"""What docs/pitfalls/queue-deadlock.md says."""

import os
import sys
from multiprocessing import Event, Process, Queue
from multiprocessing.synchronize import Event as EventType
from pathlib import Path
from queue import Empty
from threading import current_thread
from time import sleep

from tests.claims import PAUSE, SURE, TIME_LIMIT, no_fact, raises, script, shown
from tests.claims._starts import in_a_child

PUT_AND_END = """
from multiprocessing import Queue

if __name__ == "__main__":
    queue = Queue()
    queue.put(bytes({size}))
    print("last line", flush=True)
"""


READER_KILLED = """
from multiprocessing import Event, Process, Queue
from time import sleep


def read(tasks, starts):
    starts.set()
    tasks.get()


if __name__ == "__main__":
    tasks, starts = Queue(), Event()
    reader = Process(target=read, args=(tasks, starts))
    reader.start()
    starts.wait()
    while tasks._rlock.acquire(block=False):  # until the reader has it
        tasks._rlock.release()
        sleep(0.01)
    reader.kill()
    reader.join()
    tasks.put(bytes(1_000_000))
    print("locked:", not tasks._rlock.acquire(block=False))
    {cancel}
    print("last line", flush=True)
"""


def _put(queue: "Queue[bytes]", sizes: list[int], returned: EventType) -> None:
    for size in sizes:
        queue.put(bytes(size))
    returned.set()


def _processor_time(worker: Process) -> float:
    """The seconds of the processor that a process has used."""
    text = Path(f"/proc/{worker.pid}/stat").read_text("utf-8")
    user, system = text.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _uses_little(worker: Process) -> bool:
    """Whether a process that goes on uses less than a tenth of a processor."""
    before = _processor_time(worker)
    worker.join(SURE)
    return _processor_time(worker) - before < SURE / 10


def _exit_early(queue: "Queue[bytes | None]") -> None:
    sys.exit(3)


def _put_and_a_sentinel(queue: "Queue[bytes | None]", size: int) -> None:
    for _ in range(3):
        queue.put(bytes(size))
    queue.put(None)


def read_before_join() -> None:
    """Read every item from the `Queue` first, and call `join()` after that."""
    shown("queue-deadlock/drained_first", "pictures.get()", "camera.join()", "Output")


def look_for_it_first() -> None:
    """If your program hangs at its end, look for this deadlock first."""
    no_fact("advice")


def what_hangs() -> None:
    """Silent. The program prints no error. It hangs in `join()`, and the worker hangs too,
    although its function has returned.

    When the pipe is full, the feeder waits until a process reads from it.

    The program hangs as soon as the unread items no longer fit: one large item, or many
    small ones.
    """
    shown("queue-deadlock/join_first", "still running after 5 s", "Waiting for the camera to end")
    shown("queue-deadlock/join_first", "bytes(1_000_000)")
    waiting = []
    for sizes in [1_000_000], [1] * 20_000:
        queue: Queue[bytes] = Queue()
        worker = Process(target=_put, args=(queue, sizes, returned := Event()))
        worker.start()
        waiting.append((queue, sizes, worker, returned))
    own: Queue[bytes] = Queue()
    for _ in range(3):
        own.put(bytes(100_000))
    for *_, returned in waiting:
        assert returned.wait(TIME_LIMIT)
    while len(own._buffer) > 2:  # type: ignore[attr-defined]
        sleep(PAUSE)
    sleep(SURE)
    assert len(own._buffer) == 2  # type: ignore[attr-defined]  # the first is being written
    for queue, sizes, worker, _ in waiting:
        assert worker.is_alive()
        assert [len(queue.get()) for _ in sizes] == sizes
        worker.join()
        assert worker.exitcode == 0
    for _ in range(3):
        own.get()
    assert not own._buffer  # type: ignore[attr-defined]


def a_small_item_hides_it() -> None:
    """With one small item the same program ends.

    With 1,000 bytes the wrong order works: the item fits into the pipe, the feeder
    finishes, and the worker ends.
    """
    shown("queue-deadlock/small_item", "Received 1000 bytes", "bytes(1_000)")


def the_putting_process_hangs_at_its_end() -> None:
    """A program also hangs at its end, after its last line, if it has put items itself that
    no process reads and that do not fit into the pipe.
    """
    hangs = script(PUT_AND_END.format(size=1_000_000), hangs_after="last line\n")
    ends = script(PUT_AND_END.format(size=10))
    assert (hangs.status, ends.status) == (None, 0)
    assert ends.stdout == "last line\n"


def put_sends_nothing() -> None:
    """`put()` does not send the item. It hands the item to a feeder thread in the same process,
    which pickles it and writes the bytes to a pipe.
    """
    pickled_in = []

    class Item:
        def __reduce__(self) -> tuple[type[int], tuple[int]]:
            pickled_in.append(current_thread().name)
            return int, (7,)

    queue: Queue[object] = Queue()
    queue.put(Item())
    assert queue.get() == 7
    assert pickled_in == ["QueueFeederThread"]


def each_waits() -> None:
    """A process that has put items waits for its feeder before it ends. The parent waits for
    the process to end before it reads. Neither can go on.
    """
    shown("queue-deadlock/join_first", "camera.join()\n    print", "still running after 5 s")


def only_the_order_matters() -> None:
    """What matters is the order of `get()` and `join()`."""
    shown("queue-deadlock/drained_first", "Received 1000000 bytes")


def several_workers() -> None:
    """With several workers, first call `get()` once for each item of all workers, and then
    `join()` for each worker. If you do not know how many items will come, let each worker put
    `None` last, and read until you have received one `None` from each.
    """
    queue: Queue[bytes | None] = Queue()
    workers = [Process(target=_put_and_a_sentinel, args=(queue, 100_000)) for _ in range(3)]
    for worker in workers:
        worker.start()
    received = [item for _ in workers for item in iter(queue.get, None)]
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert len(received) == 9


def no_item_comes() -> None:
    """If a worker fails before it has put its items, `get()` waits forever: set a limit."""
    queue: Queue[bytes | None] = Queue()
    assert in_a_child(_exit_early, queue) == 3
    with raises(Empty):
        queue.get(timeout=PAUSE)


def not_while_not_empty() -> None:
    """Do not loop `while not queue.empty()`: the loop ends too early."""
    shown("queue-empty/asked_too_early", "while not parcels.empty()", "Output")


def the_program_itself_has_put() -> None:
    """In this program the parent itself puts the item. At its end it waits for its own feeder
    thread, which waits for a reader:
    """
    shown("queue-deadlock/own_items", "still running after 5 s", ".put(")


def read_what_you_put() -> None:
    """Read the items that you have put, or do not put items that no process will read."""
    no_fact("advice")


def if_the_reader_was_killed() -> None:
    """If the reader of the queue has been killed, reading can hang, too: the reader may have held a
    lock, for which your `get()` then waits forever. When all readers have ended, call
    `cancel_join_thread()` of the queue. The program then ends, and the items that are still in
    the queue are lost.
    """
    lines = "locked: True\nlast line\n"
    hangs = script(READER_KILLED.format(cancel=""), hangs_after=lines)
    assert (hangs.status, hangs.stdout) == (None, lines)
    ends = script(READER_KILLED.format(cancel="tasks.cancel_join_thread()"))
    assert (ends.status, ends.stdout) == (0, lines)


def from_8_to_262_kb() -> None:
    """On Linux, a report of 8 KB still fits, and one of 262 KB hangs, without using the processor:
    it is four times as big as the pipe.
    """
    if sys.platform != "linux":
        return
    queue: Queue[bytes] = Queue()
    returned = Event()
    worker = Process(target=_put, args=(queue, [8_000], returned))
    worker.start()
    worker.join()
    assert len(queue.get(timeout=TIME_LIMIT)) == 8_000
    returned.clear()
    worker = Process(target=_put, args=(queue, [262_000], returned))
    worker.start()
    assert returned.wait(TIME_LIMIT)
    worker.join(SURE)
    assert worker.is_alive()
    assert any(_uses_little(worker) for _ in range(30))
    assert len(queue.get()) == 262_000
    worker.join()
