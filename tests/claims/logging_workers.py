"""What docs/examples/logging-workers.md says."""

import io
import logging
import signal
import sys
import tempfile
from logging.handlers import QueueHandler, QueueListener, RotatingFileHandler
from multiprocessing import (
    Pool,
    Process,
    Queue,
    SimpleQueue,
    active_children,
    get_start_method,
    queues,
)
from pathlib import Path
from threading import Event, current_thread

from tests.claims import TIME_LIMIT, changed, no_fact, script, shown
from tests.claims._orphans import notices_the_end_of_its_parent
from tests.claims._starts import IN_A_SUBMIT, waits

PROGRAM = "logging-workers/one_handler"
LINES = [f"INFO order {order} billed" for order in (1, 2, 3, 4)]
MULTIPROCESSING = """
import logging
from multiprocessing import Process, get_logger, log_to_stderr

if __name__ == "__main__":
    silent = get_logger()
    assert silent.handlers == []
    assert log_to_stderr({level}) is silent
    worker = Process()
    worker.start()
    worker.join()
    {again}
    silent.warning("from the parent")
"""


class _Kept(logging.Handler):
    """Keeps the messages that it gets, and in which thread; waits before the first."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []
        self.threads: set[str] = set()
        self.go_on = Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.go_on.wait(TIME_LIMIT)
        self.messages.append(record.getMessage())
        self.threads.add(current_thread().name)


def _replace_handlers(seen: "SimpleQueue[int]") -> None:
    logger = logging.getLogger("shop")
    seen.put(len(logger.handlers))
    logger.handlers = [logging.NullHandler(), logging.NullHandler()]


def _prepare(queue: "Queue[object]") -> None:
    logging.getLogger("shop").handlers = [QueueHandler(queue)]


def _log(message: str) -> None:
    logging.getLogger("shop").warning(message)


def one_thread_writes() -> None:
    """Let the workers put their log records into a `Queue`, and let one thread of the parent
    write the records.
    """
    shown(
        "logging-workers/one_handler",
        "logger.handlers = [QueueHandler(records)]",
        "QueueListener(records, handler)",
        "WARNING order 3 has no address",
        *LINES,
    )


def to_a_file() -> None:
    """To log to a file, write `logging.FileHandler("shop.log")` in place of
    `logging.StreamHandler(sys.stdout)`; only that line changes.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "shop.log")
        code = changed(PROGRAM, ("StreamHandler(sys.stdout)", f"FileHandler({str(path)!r})"))
        assert script(code).status == 0
        assert set(LINES) < set(path.read_text("utf-8").splitlines())


def from_the_parent_and_libraries() -> None:
    """To log from the parent as well, add the same handler there, after `executor.map`, with
    `logging.getLogger("shop").addHandler(handler)`, and set the level with
    `logging.getLogger("shop").setLevel(logging.INFO)`. To log the records of libraries as well, use
    the root logger in `start_worker`: `logging.getLogger()` without a name.
    """
    line = '    logger = logging.getLogger("shop")\n'
    shop, library = f"{line}    logger.h", f"{line}    if"
    start = "            listener.start()"
    add = '            logging.getLogger("shop").addHandler(handler)\n'
    log = '            logging.getLogger("shop").info("the parent")\n'
    level = '            logging.getLogger("shop").setLevel(logging.INFO)\n'
    outcome = script(
        changed(
            PROGRAM,
            (shop, shop.replace('"shop"', "")),
            (library, library.replace("shop", "library")),
            (start, add + log + level + log.replace("the", "now the") + start),
        )
    )
    told = outcome.stdout.splitlines()
    assert {*LINES, "INFO now the parent", "WARNING order 3 has no address"} == set(told)
    assert len(told) == 6


def loggers_of_its_own() -> None:
    """Each process has loggers of its own, with handlers of their own.

    `start_worker` is the initializer, which runs once in each worker. The line
    `logger.handlers = [...]` replaces the handlers: under `fork`, a worker starts with copies
    of the parent's handlers.
    """
    shown("logging-workers/one_handler", "Executor(2, None, start_worker, (records,))")
    logger = logging.getLogger("shop")
    logger.handlers = [logging.NullHandler()]
    seen: SimpleQueue[int] = SimpleQueue()
    with Pool(2, _replace_handlers, (seen,)) as pool:
        pool.map(abs, range(10))
        pool.close()
        pool.join()
    expected = 1 if get_start_method() == "fork" else 0
    assert (seen.get(), seen.get(), seen.empty()) == (expected, expected, True)
    assert len(logger.handlers) == 1
    logger.handlers = []


def the_listener() -> None:
    """`QueueListener` runs in a thread of the parent, receives the records, and passes them to
    the real handler. Only this thread writes, so lines cannot mix.

    `listener.stop()` waits until all records that are in the queue have been written.
    """
    queue: Queue[object] = Queue()
    kept = _Kept()
    listener = QueueListener(queue, kept)
    listener.start()
    sender = QueueHandler(queue)
    for number in range(500):
        sender.handle(logging.makeLogRecord({"msg": f"order {number}"}))
    assert kept.messages == []
    kept.go_on.set()
    listener.stop()
    assert kept.messages == [f"order {number}" for number in range(500)]
    assert len(kept.threads) == 1
    assert current_thread().name not in kept.threads


def the_end_of_the_block() -> None:
    """The end of the `with` block waits until the workers have sent their records and ended. With a
    `Pool`, call `pool.close()` and `pool.join()` before: the end of its `with` block would
    terminate the workers, and records that were not sent yet would be lost.
    """
    shown("logging-workers/one_handler", "list(tasks)\n    finally:\n        stop.start()", *LINES)
    for in_order in (True, False):
        queue: Queue[object] = Queue()
        with Pool(1, _prepare, (queue,)) as pool:
            queue.put(bytes(1_000_000))  # it is being written until somebody reads
            while queue.empty():
                pass
            pool.apply(_log, ("sent late",))
            if in_order:
                queue.get()
                pool.close()
                pool.join()
        if not in_order:
            queue.get()
        queue.put("last")
        if in_order:
            record = queue.get()
            assert isinstance(record, logging.LogRecord)
            assert record.getMessage() == "sent late"
        assert queue.get() == "last"


def a_thread_during_fork() -> None:
    """`listener.start()` comes after the workers have been started, which `executor.map` does under
    `fork`: a thread that runs while a worker is started can make the worker hang.
    """
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(2) as executor:
        tasks = executor.map(abs, [1])
        if get_start_method() == "fork":
            assert len(active_children()) == 2
        list(tasks)
    shown("fork-with-threads/lock_held", "still running after 5 s", "Thread(")
    shown(
        "logging-workers/one_handler",
        "executor.map(bill, [1, 2, 3, 4])\n            listener.start()",
    )


def a_task_that_raises() -> None:
    """The `finally` is for a task that raises: `list(tasks)` raises the exception of the task in
    the parent. Without the `finally`, the listener would not be stopped: the last lines could be
    lost, and with them the one that tells what went wrong.
    """
    fails = '%d has no address", order)\n        raise ValueError(order)'
    outcome = script(changed(PROGRAM, ('%d has no address", order)', fails)))
    assert outcome.status == 1
    assert "ValueError: 3" in outcome.stderr
    assert "WARNING order 3 has no address" in outcome.stdout
    listener = QueueListener(Queue())
    listener.start()
    thread = listener._thread
    assert thread and thread.daemon  # so the end of the program does not wait for it
    listener.stop()


def an_interrupted_task() -> None:
    """The workers ignore Ctrl-C, which a terminal sends to them as well. As it is, Ctrl-C
    interrupts only the parent, which ends when the workers have done the tasks that have begun, and
    the few that have already been sent to them, apart from some cases in which it can wait forever.
    `end_with_parent` ends the workers with their parent, even if it is killed.
    """
    from concurrent.futures import process

    assert process.EXTRA_QUEUED_CALLS == 1  # and one for each worker
    shown("logging-workers/one_handler", "signal.signal(signal.SIGINT, signal.SIG_IGN)")
    shown("logging-workers/one_handler", "parent_process().join()", "os._exit(1)")
    shown("ctrl-c", "parent_process().join()", "os._exit(1)")  # there the parent is killed
    if sys.platform != "win32":
        ctrl_c = "os.killpg(os.getpgrp(), signal.SIGINT)\n        logger.w"
        alone = "Executor(2", "Executor(1"  # another worker could be about to start
        outcome = script(changed(PROGRAM, ("logger.w", ctrl_c), alone))
        assert "KeyboardInterrupt" in outcome.stderr
        assert outcome.status == -signal.SIGINT
        assert {"WARNING order 3 has no address", LINES[2]} < set(outcome.stdout.splitlines())
    makes = "def main(records):\n", "def main():\n    records = Queue()\n"
    calls = "    records = Queue()\n    main(records)\n", "    main()\n"
    assert waits(changed(PROGRAM, calls, makes), IN_A_SUBMIT, number=2)


def if_a_worker_fails() -> None:
    """If a worker is killed, the program ends with an error, but records can be lost, and so is a
    record that cannot be pickled. Where no record may be lost, give each worker a pipe of its
    own. A worker that is stopped or never ends is waited for, unless you set a time limit.

    It runs in a thread, so that the program does not wait for it for more than 8 seconds: after a
    worker was killed, it may wait forever. Choose a limit that is far longer than the writing
    takes.

    If a worker is killed during a task, `list(tasks)` raises `BrokenProcessPool`, where a `Pool`
    does not return. The executor then terminates the other workers. A worker that is killed or
    terminated while it sends a record can leave half of the record in the queue, or keep a lock
    of the queue, so `listener.stop()` may wait forever. After `records.cancel_join_thread()`, the
    end of the program does not wait for the queue either.

    After a `sys.exit(3)` in a task,
    `list(tasks)` raises `SystemExit`, and the program ends with status 3 and no traceback. If a
    record cannot be pickled, the worker prints the error, unless it is just ending, and the record
    is lost; the work goes on.
    """
    import inspect

    shown(PROGRAM, "target=listener.stop, daemon=True)", "stop.join(timeout=8)")
    shown("stop-early/time_limit", "worker.join(timeout=0.5)", "worker.kill()")
    held = "stop.start()", "records._wlock.acquire()\n        stop.start()"
    outcome = script(changed(PROGRAM, held, ("timeout=8", "timeout=0.5")))  # as by a dead worker
    assert outcome.status == 0
    shown("lock-holder-killed/killed_in_put", "pictures.get(timeout=1)", "still running after 5 s")
    shown("killed-worker/pool_hangs", "os._exit(1)", "pool.map(", "still running after 5 s")
    shown("unpicklable-item/item_lost", "Can't pickle local object", "Received: cherry")
    place, billed = '        logger.warning("order', '    logger.info("order %d billed'
    sent = (
        "    while logger.handlers[0].queue._buffer: pass  # until its thread is at the last one\n"
    )
    not_ending = billed, sent + billed
    for line, status, told in [
        ("        os._exit(1)\n", 1, "BrokenProcessPool"),
        ("        sys.exit(3)\n", 3, ""),
        (
            '        logger.info("lost", extra={"key": lambda: 1})\n',
            0,
            "Can't pickle|Can't get local",
        ),
    ]:
        outcome = script(changed(PROGRAM, (place, line + place), not_ending))
        assert outcome.status == status
        assert any(text in outcome.stderr for text in told.split("|"))
        assert bool(told) == ("Traceback" in outcome.stderr), outcome
    assert "if is_exiting():" in inspect.getsource(queues.Queue._feed)  # type: ignore[attr-defined]


def the_queue_is_global() -> None:
    """The queue is a global variable, so that it is still there at the end of Python. As a local
    variable of `main`, it can be freed by its own thread while Python ends, and under `spawn` and
    `forkserver` the resource tracker then sometimes warns of a leaked semaphore.
    """
    slow = """import gc, threading, time
from multiprocessing import queues, resource_tracker, synchronize

feed = queues.Queue._feed

def late(*locks):
    feed(*locks)
    time.sleep(0.2)  # in which the others let go of the locks

def remove(name):
    synchronize.sem_unlink(name)
    if threading.current_thread() is not threading.main_thread():
        time.sleep(60)  # in which Python ends
    resource_tracker.unregister(name, "semaphore")

queues.Queue._feed = staticmethod(late)
synchronize.SemLock._cleanup = staticmethod(remove)
"""
    end = "main(records)\n", "main(records)\n    gc.collect()\n    time.sleep(2)\n"
    local = "    records = Queue()\n    main(records)", "    main(Queue())"
    for code, warns in [
        (changed(PROGRAM, end), False),
        (changed(PROGRAM, end, local), get_start_method() != "fork" and sys.platform != "win32"),
    ]:
        outcome = script(slow + code)
        assert outcome.status == 0
        assert ("1 leaked semaphore" in outcome.stderr) == warns, outcome.stderr


def a_pipe_for_each() -> None:
    """`PipeHandler` sends a record at once, and does not return before that:"""
    shown(
        "logging-workers/process_workers",
        "        self.queue.send(self.prepare(record))\n",
        "line, records = Pipe(duplex=False)",
        "order 1 billed",
        "order 2 billed",
    )


def exit_codes() -> None:
    """With a pipe of its own, a worker that ends or is killed makes no other one wait or lose
    records.

    When a worker has ended, `recv()` raises `EOFError` (on Windows, not always), because the parent
    has closed its copy of the sending end. If a worker raises an exception, calls `sys.exit(3)` or
    is killed, the program writes the records of all workers, names the failed ones with their exit
    codes, and ends with exit status 1.

    An error in `emit` is raised in the worker, which ends if it does not catch it: the record
    cannot be pickled, the arguments of a log call do not fit its text, or the parent has ended.
    So that a worker notices the end of its parent, it closes its copies of the receiving ends, also
    those of the workers before it, which it inherits under `fork`. The `emit` of other handlers
    prints the error, and the worker goes on.
    """
    program = "logging-workers/process_workers"
    last = '    logger.info("order %d billed", order)\n'
    for line in (
        "    if order == 1: sys.exit(3)\n",
        "    import os\n    if order == 1: os.write(records.fileno(), b'half'); os._exit(3)\n",
        '    if order == 1: logger.info("lost", extra={"key": lambda: 1})\n',
        '    if order == 1: logger.info("order %d", "one")\n',
    ):
        outcome = script(changed(program, (last, last + line)))
        assert outcome.status == 1
        assert set(outcome.stdout.splitlines()) == {"order 1 billed", "order 2 billed"}
        assert "Process-1: exit code " in outcome.stderr
    emit = "def emit(self, record):\n        self.queue.send(self.prepare(record))"
    enqueue = "def enqueue(self, record):\n        self.queue.send(record)"
    goes_on = script(changed(program, (emit, enqueue), (last, line + last)))
    assert goes_on.status == 0
    assert "--- Logging error ---" in goes_on.stderr and "TypeError: " in goes_on.stderr
    assert set(goes_on.stdout.splitlines()) == {"order 1 billed", "order 2 billed"}
    assert notices_the_end_of_its_parent(program, "workers", "records")


def the_handler() -> None:
    """The handler ends the program with its workers when it gets SIGTERM. If a worker is stopped or
    never ends, the parent waits: set a time limit.
    """
    shown("stop-early/time_limit", "worker.join(timeout=0.5)", "worker.kill()")
    shown("logging-workers/process_workers", "for line in wait(workers):")
    if sys.platform != "win32":
        place = "    while workers:"
        code = changed(
            "logging-workers/process_workers",
            (place, f"    signal.raise_signal(signal.SIGTERM)\n{place}"),
        )
        outcome = script(code)  # a worker that is just writing may print that its pipe is broken
        assert outcome.status == 1, outcome
        assert "terminated" in outcome.stderr.splitlines(), outcome


def only_under_fork() -> None:
    """If you configure `logging` under the main guard, a child has that configuration only under
    `fork`. Under `forkserver` and `spawn` a child starts without it, and the level is then
    WARNING. The lines of `info()` are missing, and no error is reported:
    """
    shown("logging-workers/configured_in_parent", "level=logging.INFO", "order 17 billed")
    queue: SimpleQueue[int] = SimpleQueue()
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    worker = Process(target=_tell_level, args=(queue,))
    worker.start()
    worker.join()
    root.setLevel(logging.WARNING)
    expected = logging.INFO if get_start_method() == "fork" else logging.WARNING
    assert queue.get() == expected


def _tell_level(queue: "SimpleQueue[int]") -> None:
    queue.put(logging.getLogger("shop").getEffectiveLevel())


def its_own_logger() -> None:
    """`log_to_stderr(level=None)` | writes its records to standard error, from a `level` such as
    `logging.INFO` on; returns the logger; after a second call each record is written twice

    `get_logger()` | returns the same logger, and adds no handler
    """
    one = script(MULTIPROCESSING.format(level="logging.INFO", again="")).stderr
    assert "AssertionError" not in one
    assert one.count("] from the parent\n") == 1
    assert "/Process-1] child process calling self.run()" in one
    two = script(MULTIPROCESSING.format(level="", again="log_to_stderr(logging.WARNING)")).stderr
    assert two.count("] from the parent\n") == 2
    assert "calling self.run()" not in two


def rotated_away() -> None:
    """On Linux and macOS, a handler that rotates its file renames it while the other processes
    have it open, and they go on writing to the renamed file.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "shop.log")
        rotating = RotatingFileHandler(path, backupCount=1)
        other = logging.FileHandler(path)
        other.handle(logging.makeLogRecord({"msg": "before"}))
        rotating.doRollover()
        other.handle(logging.makeLogRecord({"msg": "after"}))
        rotating.close()
        other.close()
        assert Path(folder, "shop.log.1").read_text("utf-8") == "before\nafter\n"
        assert path.read_text("utf-8") == ""


def both_handlers() -> None:
    """To log to both, give the listener both handlers: `QueueListener(records, to_file,
    to_terminal)`.
    """
    with tempfile.TemporaryDirectory() as folder:
        path, terminal = Path(folder, "shop.log"), io.StringIO()
        to_file, to_terminal = logging.FileHandler(path), logging.StreamHandler(terminal)
        records: Queue[logging.LogRecord | None] = Queue()
        listener = QueueListener(records, to_file, to_terminal)
        listener.start()
        records.put(logging.makeLogRecord({"msg": "sold"}))
        listener.stop()
        to_file.close()
        assert (path.read_text("utf-8"), terminal.getvalue()) == ("sold\n", "sold\n")


def a_file_for_each() -> None:
    """One file per worker is fine."""
    no_fact("advice")


def levels_of_the_parent() -> None:
    """The level of the parent's loggers does not count for these records, nor does it in
    `logger.handle(record)`: it is asked only where a record is made. Set the level in the worker,
    as `start_worker` does, so that the records are not even sent.
    """
    shown("logging-workers/one_handler", "logger.setLevel(logging.INFO)")
    logger = logging.Logger("strict", logging.ERROR)
    kept = _Kept()
    kept.go_on.set()
    logger.addHandler(kept)
    record = logging.makeLogRecord({"name": "strict", "levelno": logging.DEBUG, "msg": "one"})
    logger.debug("made here")
    assert kept.messages == []
    logger.handle(record)
    assert kept.messages == ["one"]
    queue: Queue[object] = Queue()
    listener = QueueListener(queue, *logger.handlers)
    listener.start()
    QueueHandler(queue).handle(record)
    listener.stop()
    assert kept.messages == ["one", "one"]
