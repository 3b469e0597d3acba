"""What docs/examples/logging-workers.md says."""

import io
import logging
import sys
import tempfile
from logging.handlers import QueueHandler, QueueListener, RotatingFileHandler
from multiprocessing import Pool, Process, Queue, SimpleQueue, get_start_method
from os import getpid
from pathlib import Path
from threading import Event, Thread, current_thread

from tests.claims import TIME_LIMIT, changed, no_fact, script, shown

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


def _interrupt() -> None:
    raise KeyboardInterrupt


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
    """To log from the parent as well, call `prepare(records)` there too, after the pool has been
    made; what the parent logs after `listener.stop()` is not written. If that is more than the
    pipe of the queue can hold, the program does not end. To log the records of libraries as well,
    use the root logger in `prepare`: `logging.getLogger()` without a name.
    """
    shown("queue-deadlock/join_first", "still running after 5 s")
    line = '    logger = logging.getLogger("shop")\n'
    shop, library = f"{line}    logger.h", f"{line}    if"
    start, stop = "        listener.start()", "            listener.stop()"
    log = 'logging.getLogger("shop").info'
    outcome = script(
        changed(
            PROGRAM,
            (shop, shop.replace('"shop"', "")),
            (library, library.replace("shop", "library")),
            (start, f'        prepare(records)\n        {log}("the parent")\n{start}'),
            (stop, f'{stop}\n            {log}("too late")'),
        )
    )
    told = outcome.stdout.splitlines()
    assert {*LINES, "INFO the parent", "WARNING order 3 has no address"} == set(told)
    assert len(told) == 6


def loggers_of_its_own() -> None:
    """Each process has loggers of its own, with handlers of their own.

    `start_worker` is the pool's initializer, which runs once in each worker. In `prepare`, the line
    `logger.handlers = [...]` replaces the handlers: under `fork`, a worker starts with copies
    of the parent's handlers.
    """
    shown("logging-workers/one_handler", "Pool(2, start_worker, (records,))")
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
    """After `pool.close()`, `pool.join()` waits until the workers have sent their records and
    ended. The end of the `with` block would terminate them, and records that were not sent
    yet would be lost.
    """
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
    """`listener.start()` comes after the workers have been started: under `fork`, a thread that
    runs while a worker is started can make the worker hang.
    """
    shown("fork-with-threads/lock_held", "still running after 5 s", "Thread(")
    shown("logging-workers/one_handler", "as pool:\n        listener.start()")


def a_task_that_raises() -> None:
    """The `finally` is for a task that raises: `pool.map` raises the exception of the task in
    the parent. Without the `finally`, the end of the `with` block would terminate the workers,
    and the listener would not be stopped: the last lines could be lost, and with them the one
    that tells what went wrong.
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
    """The workers ignore Ctrl-C, which a terminal sends to them as well. A task that is interrupted
    returns nothing, and `pool.join()` would wait for it forever. As it is, Ctrl-C interrupts only
    the parent, which ends when the workers have done all tasks.
    """
    shown("logging-workers/one_handler", "signal.signal(signal.SIGINT, signal.SIG_IGN)")
    if sys.platform != "win32":
        ctrl_c = "import os; os.killpg(os.getpgrp(), signal.SIGINT)\n        logger.w"
        outcome = script(changed(PROGRAM, ("logger.w", ctrl_c)))
        assert "KeyboardInterrupt" in outcome.stderr
        assert set(LINES) < set(outcome.stdout.splitlines())
    with Pool(1) as pool:
        pids = [pool.apply(getpid)]
        pool.apply_async(_interrupt)
        pids.append(pool.apply(getpid))
        pool.close()
        joining = Thread(target=pool.join)
        joining.start()
        joining.join(0.1)  # it was interrupted before the second call
        assert joining.is_alive()
    joining.join()
    assert pids[0] != pids[1]


def a_worker_that_is_killed() -> None:
    """If a worker is killed while it sends a record, the listener may wait forever for the rest
    of the record; if a worker of a pool is killed during a task, `pool.map` does not return.
    """
    shown("lock-holder-killed/killed_in_put", "pictures.get(timeout=1)", "still running after 5 s")
    shown("killed-worker/pool_hangs", "os._exit(1)", "pool.map(", "still running after 5 s")


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
