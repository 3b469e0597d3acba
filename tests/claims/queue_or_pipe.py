"""What docs/decisions/queue-or-pipe.md says."""

import os
from multiprocessing import Event, Pipe, Process, Queue, get_start_method
from multiprocessing.connection import Connection, wait
from multiprocessing.synchronize import Event as EventType
from queue import Empty, Full
from typing import Any

from tests.claims import SURE, TIME_LIMIT, no_fact, raises, script, shown
from tests.claims._costs import medians, ratios
from tests.claims._recorders import PickledItem

BOTH_SEND = """
from multiprocessing import Pipe, Process

data = bytes(1_000_000)


def work(line):
    {calls}


if __name__ == "__main__":
    line, end = Pipe()
    worker = Process(target=work, args=(end,))
    worker.start()
    print("sending", end="", flush=True)
    line.send(data)
    line.recv()
    worker.join()
    print(", done")
"""


def many_or_two() -> None:
    """Use a `Queue` if more than one process puts or gets, and a `Pipe` if exactly two processes
    talk to each other.

    several workers get tasks from one place, or put results into one | `Queue`

    one process asks another one, and waits for its answer | `Pipe`
    """
    shown("queue/several_workers", "range(3)", "Packed: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]")
    shown("pipe/smallest", "connection.send(PRICES[item])", "to_clerk.recv()", "pear 4\napple 3")


def who_notices() -> None:
    """you must notice that the other process has died | `Pipe`, one for each worker

    The parent has closed its own copy of the sending end, so the pipe ends with the worker, and
    `recv()` raises `EOFError` (on Windows, not always). If the worker was killed in the middle of a
    message, it can raise `OSError` instead, and in a two-way pipe `ConnectionResetError`, which is
    an `OSError`. So catch both `EOFError` and `OSError`.
    """
    shown("pipe/killed_while_sending", "OSError: got end of file during message")
    shown("pipe", "to_clerk, to_parent = Pipe()", "#> ConnectionResetError")
    assert issubclass(ConnectionResetError, OSError)
    assert not issubclass(EOFError, OSError)
    shown("queue-or-pipe/worker_dies", "worker.start()\n    sender.close()", "Pipe: EOFError")
    shown("queue-or-pipe/worker_dies", "Queue: nothing has come")
    shown("pipe/wait_for_several", "for receiver in wait(receivers)", "except (EOFError, OSError)")


def who_waits() -> None:
    """the sender must not wait while nobody reads | `Queue`

    full | `put` returns; with `maxsize`, it waits | `send` waits
    """
    queue: Queue[bytes] = Queue()
    queue.put(bytes(1_000_000))
    queue.put(bytes(1_000_000))
    assert [len(queue.get()) for _ in range(2)] == [1_000_000] * 2
    small: Queue[int] = Queue(1)
    small.put(1)
    with raises(Full):
        small.put(2, timeout=0.1)
    assert small.get() == 1
    shown("pipe/full", "Still sending: True\nReceived 1000000 bytes\nStill sending: False")


def what_is_measured() -> None:
    """If your own measurement shows the opposite, look at what it measures: `put` returns before
    the item is in the pipe, and `send` only when all of it is. A loop around `put` or `send` alone
    finds the `Queue` faster, because it measures only the buffer.
    """
    queue: Queue[bytes] = Queue()
    queue.put(bytes(1_000_000))  # more than a pipe holds
    assert queue.get() == bytes(1_000_000)
    shown("pipe/full", "Still sending: True\nReceived 1000000 bytes\nStill sending: False")


def a_better_measurement() -> None:
    """Start the clock when the receiver is running, and stop it when the receiver has the last
    item.
    """
    no_fact("advice")


def others() -> None:
    """several processes send, and an error in sending must be raised where it happens |
    `SimpleQueue`

    you must know when all items have been processed | `JoinableQueue`
    """
    shown("simple-queue/several_workers", "Packed: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]")
    shown("simple-queue", "except TypeError as error", "cannot pickle '_thread.lock' object")
    shown("joinable-queue/smallest", ".task_done()", ".join()")


def speed_seldom_decides() -> None:
    """Speed seldom decides.

    This is the difference that shows only when something goes wrong.
    """
    no_fact("a judgment")


def what_a_message_costs() -> None:
    """In our results on two cores, a message of one byte and its answer take 50 to 60 microseconds
    through a `Pipe`, and 75 to 100 through a `Queue`: less than twice as long, and not three times,
    as is often said. For 64 MiB, the `Queue` takes less than 1.3 times as long. One message instead
    of many saves far more.
    """
    assert all(50e-6 < seconds < 60e-6 for seconds in medians("messages: Pipe, 1 B"))
    assert all(75e-6 < seconds < 100e-6 for seconds in medians("messages: Queue, 1 B"))
    assert max(ratios("messages: Queue, 1 B", "messages: Pipe, 1 B")) < 2
    assert max(ratios("messages: Queue, 64 MiB", "messages: Pipe, 64 MiB")) < 1.3
    many = "advice: 1,000 prices through a Pipe"
    assert min(ratios(f"{many}, one at a time", f"{many}, as one list")) > 30


def each_worker() -> None:
    """Each worker sends one report, and then ends as if it had been killed:"""
    shown("queue-or-pipe/worker_dies", 'reports.send("report 1")\n    os._exit(1)')
    shown("queue-or-pipe/worker_dies", "reports.join_thread()\n    os._exit(1)")


def _end_early(queue: "Queue[int]", line: "Connection[str, str]") -> None:
    line.recv()
    queue.put(1)
    queue.close()
    queue.join_thread()
    os._exit(3)


def a_queue_does_not_end() -> None:
    """A queue does not end: every process that has it keeps it open. Without a `timeout`, the last
    `get()` would wait forever.

    With a `Queue`, ask with a `timeout`, and look at `exitcode` when nothing has come. If the
    worker has ended, ask once more, because an item may have come in between.
    """
    queue: Queue[int] = Queue()
    receiver, sender = Pipe(duplex=False)
    child = Process(target=_end_early, args=(queue, receiver))
    child.start()
    with raises(Empty):
        queue.get(timeout=0.1)
    sender.send("go on")
    child.join()
    assert child.exitcode == 3
    assert queue.get(timeout=TIME_LIMIT) == 1
    with raises(Empty):
        queue.get(timeout=0.1)
    receiver.close()
    sender.close()
    both: Any = queue
    assert not both._reader.closed
    assert not both._writer.closed


def _wait(end: "EventType") -> None:
    end.wait()


def close_the_copy() -> None:
    """With a `Pipe`, close the parent's copy of the worker's end, or no `EOFError` is raised. Do so
    before you start the next worker, which under `fork` gets a copy of whatever the parent still
    has open.
    """
    shown("pipe-no-eof/end_kept_open", "still running after 5 s")
    receiver, sender = Pipe(duplex=False)
    end = Event()
    next_worker = Process(target=_wait, args=(end,))
    next_worker.start()
    sender.close()
    assert receiver.poll(SURE) == (get_start_method() != "fork")
    end.set()
    next_worker.join()
    with receiver, raises(EOFError):
        receiver.recv()


def no_lock() -> None:
    """A worker that is killed in the middle of a `put` or `get` can leave a `Queue` locked for all
    others, or half of an item in it. Then `get()` waits for the other half forever, even with a
    `timeout`. A pipe for each worker has no lock that the others need, and its `recv()` does not
    wait for the rest.
    """
    shown("pipe/killed_while_sending", "OSError: got end of file during message")
    shown("lock-holder-killed/killed_in_put", "get(timeout=1)", "still running after 5 s")
    receiver, sender = Pipe()
    assert not [name for name in vars(receiver) if "lock" in name]
    receiver.close()
    sender.close()


def processes_that_send() -> None:
    """processes that send | any number | one at each end, in one thread

    direction | one way | both ways, or one with `duplex=False`
    """
    shown("queue/several_workers", "packed.put(None)", "iter(packed.get, None)")
    for duplex in True, False:
        first, second = Pipe(duplex)
        assert (first.readable, first.writable) == (True, duplex)
        assert (second.readable, second.writable) == (duplex, True)
        first.close()
        second.close()


def not_picklable() -> None:
    """item that cannot be pickled | lost, without an error in `put` | `send` raises"""
    shown("unpicklable-item/item_lost", "Traceback (most recent call last)", "lambda")
    shown("pipe", "except TypeError as error", "cannot pickle '_thread.lock'")


def changed_after_sending() -> None:
    """item that is changed after sending | may arrive changed | arrives as it was"""
    shown("queue", 'order["crates"] = 99', "#> {'item': 'apple', 'crates': 99}")
    receiver, sender = Pipe(duplex=False)
    order = {"crates": 2}
    sender.send(order)
    order["crates"] = 99
    assert receiver.recv() == {"crates": 2}
    receiver.close()
    sender.close()


def time_limits() -> None:
    """time limit | `get(timeout=...)` | `poll(timeout)`, then `recv()`"""
    queue: Queue[int] = Queue()
    with raises(Empty):
        queue.get(timeout=0.01)
    receiver, sender = Pipe(duplex=False)
    assert not receiver.poll(0.01)
    sender.send(1)
    assert receiver.poll(30)
    assert receiver.recv() == 1
    receiver.close()
    sender.close()


def several_at_once() -> None:
    """wait for several at once | no call for it | `wait`

    bytes without pickle | no | `send_bytes`
    """
    queue: Any = Queue()
    with raises(TypeError, ValueError, AttributeError):
        wait([queue], 0)
    shown("pipe/wait_for_several", "for receiver in wait(receivers)")
    threads: list[str] = []
    queue.put(PickledItem(threads))
    assert queue.get() == 7
    assert threads
    assert hasattr(Connection, "send_bytes")
    assert not hasattr(queue, "send_bytes")


def receive_first() -> None:
    """With both, receive before you `join()`, or both processes can wait forever. So can two
    processes that both `send` through one two-way pipe: let one of them receive first.
    """
    outcome = script(BOTH_SEND.format(calls="line.send(data), line.recv()"), hangs_after="sending")
    assert (outcome.status, outcome.stdout) == (None, "sending")
    outcome = script(BOTH_SEND.format(calls="line.recv(), line.send(data)"))
    assert (outcome.status, outcome.stdout) == (0, "sending, done\n")
    shown("queue-deadlock/join_first", "still running after 5 s")
    shown("pipe/full", "camera.join(timeout=1)", "Still sending: True")


def neither() -> None:
    """Often you need neither. To tell workers to stop, use an `Event`, and to get one result from
    each task, the return value of a function in a pool.
    """
    no_fact("advice; the pages that are linked show it")
