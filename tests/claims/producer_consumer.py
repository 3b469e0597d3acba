"""What docs/examples/producer-consumer.md says."""

import os
from multiprocessing import (
    Event,
    Pipe,
    Process,
    Queue,
    SimpleQueue,
    get_start_method,
    queues,
    reduction,
)
from multiprocessing.connection import Connection, wait
from multiprocessing.synchronize import Event as EventType
from pathlib import Path
from pickle import PicklingError
from queue import Empty, Full
from runpy import run_path
from threading import Thread
from time import sleep

from tests.claims import PAUSE, ROOT, SURE, TIME_LIMIT, changed, no_fact, raises, script, shown
from tests.claims._orphans import notices_the_end_of_its_parent
from tests.claims._recorders import NeedsTwo

PROGRAMS = ROOT / "examples" / "producer-consumer"
PRODUCES = "def produce(orders, report):\n"
CONSUMES = "def consume(orders, report):\n"
ASKS = "    orders.send([])\n"
ORDERS = 'iter(["4", "none", "5"])'
KILLED = "    import os; os.kill(os.getpid(), 9)\n"
FAILS = """
import tempfile
from multiprocessing import Event, Process, Queue, SimpleQueue, util
from time import sleep

def consume(orders, running):
    running.set()
    while orders.get() is not None:
        sleep(60)

if __name__ == "__main__":
    util.Finalize(None, print, ["ending"], {{"flush": True}}, exitpriority=0)
    orders = {queue}()
    {first}
    tempfile.tempdir = "."  # where the fork server leaves its socket when it is killed
    running = Event()
    consumer = Process(target=consume, args=(orders, running), daemon={daemon})
    consumer.start()
    running.wait()
    for _ in range({items}):
        orders.put(bytes(100_000))
    orders.put(int("none"))
"""
WORKS = """
from multiprocessing import Process, SimpleQueue
from time import sleep

def consume(orders, begun):
    while orders.get() is not None:
        begun.put("begun")
        sleep({pause})  # in place of work
        print("packed", flush=True)

if __name__ == "__main__":
    orders, begun = SimpleQueue(), SimpleQueue()
    consumer = Process(target=consume, args=(orders, begun), daemon=True)
    consumer.start()
    orders.put("tea")
    orders.put(None)
    begun.get()
    {joins}
"""
NO_CONSUMER = """
from multiprocessing import Queue, util

if __name__ == "__main__":
    util.Finalize(None, print, ["ending"], {{"flush": True}}, exitpriority=0)
    orders = Queue(maxsize=10)
    {first}
    while True:
        orders.put(bytes({size}), timeout=0.1)
"""


def _consume(orders: "Queue[int | None]", totals: "Queue[int]", go_on: EventType) -> None:
    """Add up the orders; at 0, wait."""
    total = 0
    while (order := orders.get()) is not None:
        if order == 0:
            assert go_on.wait(TIME_LIMIT)
        total += order
    totals.put(total)


def _get_and_wait(orders: "Queue[str]", got: EventType) -> None:
    orders.get()
    got.set()
    sleep(TIME_LIMIT)


def _echo(orders: "Queue[str]", results: "Queue[int]") -> None:
    while order := orders.get():
        results.put(int(order))


def _put_too_much(orders: "SimpleQueue[bytes]", line: Connection) -> None:
    line.send("begun")
    orders.put(bytes(1_000_000))
    line.send("put")


def after_the_last_item() -> None:
    """After the last item, put one `None` for each consumer, as a sentinel (also called a
    poison pill); a consumer that gets it ends.
    """
    shown(
        "producer-consumer/clean_end",
        "for _ in range(3):\n        orders.put(None)",
        "is not None:",
        "Output\ntotal 5050",
    )


def for_production() -> None:
    """For workers that run for a long time, use a pipe for each consumer in production: such
    consumers also end when their parent is killed.

    In production, give each consumer a pipe of its own, and let it ask for each order.

    To call one function for each item, a ProcessPoolExecutor is shorter.
    """
    shown("producer-consumer/failing_consumer", "end.close()", "line, end = Pipe()")


def a_worker_that_is_stopped() -> None:
    """A worker that is stopped is waited for, unless you set a time limit.

    If a worker is stopped or never ends, or on Windows fails before it has its end of the pipe, the
    parent waits. If you call `wait(workers, timeout=60)`, with a limit that is longer than all the
    work, it returns an empty list when nothing has come in that time; then kill the workers.
    """
    of_windows = " ".join(Path(reduction.__file__).read_text("utf-8").replace("#", "").split())
    assert "let the receiving process steal the handle" in of_windows
    shown("producer-consumer/clean_end", "for receiver in wait(workers):")
    receiver, sender = Pipe(duplex=False)
    with receiver, sender:
        assert wait([receiver], timeout=PAUSE) == []


def producer_and_consumer() -> None:
    """A producer puts items into a queue, and a consumer gets them from it."""
    no_fact("a definition")


def one_that_is_free() -> None:
    """Each item goes to only one consumer, one that is free.

    `None` tells it. A consumer ends at its own `None`, and leaves the others in the queue.
    """
    orders: Queue[int | None] = Queue()
    totals: Queue[int] = Queue()
    go_on = Event()
    consumers = [Process(target=_consume, args=(orders, totals, go_on)) for _ in range(2)]
    for consumer in consumers:
        consumer.start()
    for order in [0, 1, 2, 3, None, None]:
        orders.put(order)
    assert totals.get() == 6
    go_on.set()
    assert totals.get() == 0
    for consumer in consumers:
        consumer.join()


def a_pipe_that_is_full() -> None:
    """A `SimpleQueue` puts each item into a pipe, and `put()` waits while the pipe is full. So
    the items of a producer that is faster than its consumers do not pile up in memory.

    By then all orders are in the pipe, because `put()` of a `SimpleQueue` writes the item before
    it returns.
    """
    orders: SimpleQueue[bytes] = SimpleQueue()
    receiver, sender = Pipe(duplex=False)
    producer = Process(target=_put_too_much, args=(orders, sender))
    producer.start()
    assert receiver.recv() == "begun"
    assert not receiver.poll(SURE)
    assert len(orders.get()) == 1_000_000
    assert receiver.recv() == "put"
    producer.join()


def a_pipe_of_its_own() -> None:
    """Each worker has a pipe of its own to the parent. A consumer sends its total, and the producer
    sends nothing. The parent waits for all of these pipes at once, and never uses the queue.
    """
    shown(
        "producer-consumer/clean_end",
        "        orders.put(None)\n\n\ndef consume",
        "report.send(total)",
        "receiver, report = Pipe(duplex=False)",
        "for receiver in wait(workers):",
    )
    main = (PROGRAMS / "clean_end.py").read_text("utf-8").partition("def main")[2]
    assert "orders." not in main


def empty_too_early() -> None:
    """Do not use `empty()` to find out whether more items will come: it can return `True` too
    early.
    """
    shown("queue-empty/asked_too_early", "Empty after put: True", "Left behind: apples")


def if_a_worker_fails() -> None:
    """If a worker fails, the program names it and ends.

    When a worker has ended, `recv()` raises `EOFError`, because the parent has closed its copy of
    the sending end before it starts the next worker. Then the parent looks at the exit code: after
    an exception, a `sys.exit(3)` or a kill it is not 0. In this case the program names the worker
    and its exit code, ends with exit status 1, and prints no total. The workers are daemons, so
    Python terminates those that are still running at that time.

    With the programs above, the parent ends them, unless the exit code of the producer is 0.
    """
    shown("producer-consumer/clean_end", "worker.start()\n        report.close()", "daemon=True")
    for begins, fails, code in [
        (PRODUCES, "    raise ValueError\n", 1),
        (CONSUMES, KILLED, -9),
    ]:
        if code == -9 and os.name == "nt":
            continue
        outcome = script(changed("producer-consumer/clean_end", (begins, begins + fails)))
        assert (outcome.status, outcome.stdout) == (1, "")
        assert f": exit code {code}\n" in outcome.stderr
    lazy = '(order for name in ["missing"] for order in open(name))'
    outcome = script(changed("producer-consumer/failing_consumer", (ORDERS, lazy)))
    assert (outcome.status, outcome.stdout) == (1, "")
    assert "FileNotFoundError" in outcome.stderr
    limit = f"timeout={SURE} if len(workers) < 4 else None"
    waits = f'wait(workers, {limit}) or sys.exit("they wait"):'
    returns = (PRODUCES, PRODUCES + "    return\n")
    outcome = script(changed("producer-consumer/clean_end", returns, ("wait(workers):", waits)))
    assert (outcome.status, outcome.stderr) == (1, "they wait\n")


def not_after_a_kill() -> None:
    """Do not use the queue after a worker was killed: the worker may have held a lock of the
    queue.
    """
    shown("lock-holder-killed/killed_in_put", "terminate()", "still running after 5 s")


def the_handler() -> None:
    """The handler ends the program with its workers when it gets SIGTERM. It is set after the
    workers have been started, so that they do not inherit it under `fork`. If the parent is killed,
    or gets SIGTERM while it starts the workers, those that run go on, and may wait forever; the
    consumers below end.
    """
    shown("producer-consumer/clean_end", '"terminated"))\n    while workers:')
    shown("ctrl-c/parent_killed", "the parent is dead: ending")  # so it went on until it ended
    if os.name != "nt":
        code = changed(
            "producer-consumer/clean_end",
            ("    for order in", "    from time import sleep; sleep(30)\n    for order in"),
            ("    while workers:", "    import os; os.kill(os.getpid(), 15)\n    while workers:"),
        )
        outcome = script(code)
        assert outcome.status == 1
        assert outcome.stderr.startswith("terminated\n")


def ten_unread_items() -> None:
    """A `Queue` limits the number of items: with `Queue(maxsize=10)`, `put()` waits while the
    queue holds ten unread items. Without `maxsize`, `put()` does not wait, and unread items pile
    up in memory. If you send results through a queue, too, do not give it a `maxsize`: the
    consumers would wait for room there, and the producer for room in `orders`.
    """
    orders: Queue[bytes | int] = Queue(maxsize=10)
    for order in range(10):
        orders.put(order, timeout=TIME_LIMIT)
    with raises(Full):
        orders.put(10, timeout=PAUSE)
    assert orders.get() == 0
    orders.put(10, timeout=TIME_LIMIT)
    assert [orders.get() for _ in range(10)] == [*range(1, 11)]
    orders = Queue()
    for _ in range(100):
        orders.put(bytes(100_000), block=False)
    assert len(orders._buffer) >= 98  # type: ignore[attr-defined]  # the rest are in the pipe
    for _ in range(100):
        orders.get()
    echoed: Queue[str] = Queue(maxsize=1)
    results: Queue[int] = Queue(maxsize=1)
    consumer = Process(target=_echo, args=(echoed, results))
    consumer.start()
    for _ in range(3):
        echoed.put("4", timeout=TIME_LIMIT)
    with raises(Full):
        echoed.put("", timeout=0.1)
    assert [results.get() for _ in range(2)] == [4, 4]
    echoed.put("", timeout=TIME_LIMIT)
    assert results.get() == 4
    consumer.join()


def cannot_be_sent() -> None:
    """An item that cannot be pickled is lost, and the total is too small; with a `SimpleQueue`,
    `put()` raises the error where it is called, and the program ends.
    """
    shown("unpicklable-item/item_lost", "Can't pickle local object", "Received: cherry")
    orders: SimpleQueue[object] = SimpleQueue()
    with raises(AttributeError, PicklingError, text="lambda"):
        orders.put(lambda: 3)


def several_producers() -> None:
    """A producer does not know whether it is the last one.

    A Barrier tells: `wait()` returns when all producers have called it, and in one of them it
    returns 0. That producer puts the `None` for each consumer.

    If a producer fails, the others wait at the barrier, and the parent ends the program.
    """
    shown(
        "producer-consumer/several_producers",
        "if done.wait() == 0:\n        for _ in range(3):\n            orders.put(None)",
        "Barrier(2)",
        "Output\ntotal 5050",
    )
    begins = "def produce(orders, report, done, first):\n"
    fails = begins + "    if first == 51:\n        sys.exit(4)\n"
    outcome = script(changed("producer-consumer/several_producers", (begins, fails)))
    assert (outcome.status, outcome.stdout) == (1, "")
    assert outcome.stderr.startswith("Process-2: exit code 4\n")


def written_later() -> None:
    """A `Queue` writes it later, in a thread, so a `None` can arrive before the last order of
    another producer.
    """
    import inspect

    put = inspect.getsource(queues.Queue.put)
    assert "self._start_thread()" in put and "send_bytes" not in put
    assert "send_bytes(obj)" in inspect.getsource(queues.Queue._feed)  # type: ignore[attr-defined]


def send_it_back() -> None:
    """Catch the error of a bad order in the consumer, and send it back like a result:

    Here the parent is the producer. Each consumer first sends an empty list, and then its
    answers; the parent sends it an order in return, or `None`. So no order waits in memory, and
    the parent waits for no room. When a consumer has ended, `recv()` raises `EOFError`, as above.
    """
    shown(
        "producer-consumer/failing_consumer",
        "except ValueError as error:",
        "none ValueError",
        ASKS,
        "orders.send([(order, result)])",
        "results += line.recv()\n                line.send(order)",
        "except (EOFError, OSError):\n                worker = workers.pop(line)",
    )


def another_exception() -> None:
    """An exception other than `ValueError`, a `sys.exit()` or a kill ends the consumer. Then
    `recv()` or `send()` in the parent raises `EOFError` or `OSError`, and the program ends as
    above. If the exit code is 0, the number of results tells that an answer is missing. An order
    or a result that cannot be pickled ends the program, too, because `send()`
    raises the error where it is called. To go on after every error of an order, catch
    `Exception`.
    """
    for line, told in (
        ("    raise KeyError\n", ": exit code 1"),
        (
            "    sys.exit()\n",
            "an answer is missing",
        ),
    ):
        outcome = script(changed("producer-consumer/failing_consumer", (ASKS, ASKS + line)))
        assert (outcome.status, outcome.stdout) == (1, "")
        assert f"{told}\n" in outcome.stderr
    here, there = Pipe()
    with here, there, raises(AttributeError, PicklingError, text="lambda"):
        here.send(lambda: 3)


def the_parent_ends() -> None:
    """If the parent ends, even if it is killed, each consumer ends at its next `recv()` or
    `send()`; for that it closes its copies of the parent's ends, also those for the consumers
    before it, which it inherits under `fork`.
    """
    program = "producer-consumer/failing_consumer"
    assert notices_the_end_of_its_parent(program, "workers", "orders")
    consume = run_path(str(PROGRAMS / "failing_consumer.py"))["consume"]
    (here, there), (copy, other) = Pipe(), Pipe()
    here.close()  # as the end of the parent does
    with there, other, raises(OSError, EOFError):
        consume(there, [copy])
    assert copy.closed


def without_the_none() -> None:
    """If a producer fails before it has put `None` for each consumer, the consumers wait forever.

    If the parent itself is the producer, and `orders` is a `SimpleQueue`, `daemon=True` is enough:
    when the parent ends with an exception, Python terminates the consumers. Without it, the
    program would hang after the traceback. With a `Queue`, also call
    `orders.cancel_join_thread()` at the start: otherwise, if the unread items do not fit into the
    pipe, the program still hangs after the traceback.

    `get()` waits for the next item, so a consumer cannot notice that no more will come.
    """
    cancel = "orders.cancel_join_thread()"
    for queue, daemon, first, items, status in [
        ("SimpleQueue", False, "", 0, None),
        ("SimpleQueue", True, "", 0, 1),
        ("Queue", True, "", 0, 1),
        ("Queue", True, "", 10, None),
        ("Queue", True, cancel, 10, 1),
    ]:
        code = FAILS.format(queue=queue, daemon=daemon, first=first, items=items)
        outcome = script(code, hangs_after="" if status else "ending\n")
        assert outcome.status == status, (queue, daemon, first, items)
        assert "ValueError" in outcome.stderr


def join_them() -> None:
    """If all goes well, join the consumers after the last `None`: Python terminates daemons that
    still work when the parent ends.
    """
    for joins, pause, told in [("", TIME_LIMIT, ""), ("consumer.join()", 0, "packed\n")]:
        outcome = script(WORKS.format(joins=joins, pause=pause))
        assert (outcome.status, outcome.stdout) == (0, told)


def no_consumer_is_left() -> None:
    """If no consumer is left, `put()` waits forever as soon as the queue is full.

    In a parent that has nothing else to wait for, use `put(order, timeout=60)` of a `Queue` with
    a `maxsize`, which then raises `queue.Full`. Here, too, the program hangs after the traceback
    without `orders.cancel_join_thread()` if the items do not fit into the pipe.
    """
    small = script(NO_CONSUMER.format(size=10, first="pass"))
    big = script(NO_CONSUMER.format(size=100_000, first="pass"), hangs_after="ending\n")
    canceled = script(NO_CONSUMER.format(size=100_000, first="orders.cancel_join_thread()"))
    assert (small.status, big.status, canceled.status) == (1, None, 1)
    for outcome in small, big, canceled:
        assert outcome.stderr.endswith("queue.Full\n")


def they_share_a_queue() -> None:
    """The parent waits forever for a result of a consumer that failed: it waits in `get()` of a
    queue that all consumers share.
    """
    orders: Queue[str] = Queue()
    results: Queue[int] = Queue()
    consumer = Process(target=_echo, args=(orders, results))
    consumer.start()
    orders.put("none")
    consumer.join()
    assert consumer.exitcode == 1
    parent = Thread(target=results.get)
    parent.start()
    parent.join(SURE)
    assert parent.is_alive()
    results.put(0)
    parent.join()


def cannot_be_rebuilt() -> None:
    """A consumer ends with an error in `recv()` or `get()`, outside its `try`: the item cannot be
    rebuilt.
    """
    before_try = "while (order := orders.recv()) is not None:\n        try:"
    shown("producer-consumer/failing_consumer", before_try)
    orders: Queue[object] = Queue()
    orders.put(NeedsTwo("apple", 2))
    with raises(TypeError):
        orders.get()


def cannot_be_pickled() -> None:
    """An item never arrives, and a thread prints a traceback: the item cannot be pickled."""
    shown("unpicklable-item/item_lost", "Can't pickle local object", "Received: cherry")


def held_a_lock_of_the_queue() -> None:
    """A consumer is killed, and all other processes wait: it held a lock of the queue."""
    orders: Queue[str] = Queue()
    consumer = Process(target=_get_and_wait, args=(orders, got := Event()))
    consumer.start()
    while consumer.is_alive() and orders._rlock.acquire(block=False):  # type: ignore[attr-defined]
        orders._rlock.release()  # type: ignore[attr-defined]
        sleep(PAUSE)
    consumer.kill()
    consumer.join()
    orders.put("4")
    while orders.empty():
        sleep(PAUSE)
    with raises(Empty):
        orders.get(timeout=PAUSE)
    assert not got.is_set()


MODULE_LEVEL = """
from multiprocessing import Process, Queue, SimpleQueue
from queue import Empty

orders = Queue()


def produce(done):
    orders.put("tea")
    orders.close()
    orders.join_thread()
    done.put("put")


def consume(done):
    try:
        done.put(orders.get(timeout=TIMEOUT))
    except Empty:
        done.put("nothing")


if __name__ == "__main__":
    done = SimpleQueue()
    for target in (produce, consume):
        worker = Process(target=target, args=(done,))
        worker.start()
        print(done.get())
        worker.join()
"""


def at_module_level() -> None:
    """The consumers wait forever, and no error is reported: the queue was made at module level.
    Under `forkserver` and `spawn`, a child then does not have its parent's queue, and what the
    parent puts reaches nobody. Under `spawn`, what a child puts reaches nobody, either. Make the
    queue in `main()`, and pass it in `args`.
    """
    method = get_start_method()
    timeout = TIME_LIMIT if method == "fork" else SURE
    told = "put\ntea\n" if method == "fork" else "put\nnothing\n"
    children = "    for target in (produce, consume):\n"
    parent = "    orders.put('tea')\n    print('put')\n    for target in (consume,):\n"
    for producer in children, parent:
        code = MODULE_LEVEL.replace("TIMEOUT", str(timeout)).replace(children, producer)
        outcome = script(code)
        assert "Error" not in outcome.stderr
        # Two children of the fork server may have one queue, which it has made.
        assert outcome.stdout == told or (method == "forkserver" and producer is children)
