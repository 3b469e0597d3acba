"""What docs/frameworks/logging.md says."""

import logging
import logging.config
import logging.handlers
import multiprocessing
import os
import pickle
import sys
from io import StringIO
from multiprocessing import Process, SimpleQueue, get_start_method
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from tests.claims import changed, no_fact, on, raises, script, shown
from tests.claims._orphans import notices_the_end_of_its_parent

if TYPE_CHECKING:
    import loguru
    from rich.progress import Progress, TaskID

LOGURU = """
import os
import sys
from multiprocessing import get_context
from loguru import logger


def bill(given):
    {log}


if __name__ == "__main__":
    spawn = get_context("spawn")
    logger.remove()
    logger.add(sys.stdout, format="{{message}}", {options})
    with spawn.Pool(1) as pool:
        {call}
    logger.remove()
"""
WITH_QUEUE = 'enqueue=True, context=get_context("spawn")'
PROCESS = "worker = spawn.Process(target=bill, args=({given},)); worker.start(); worker.join()"


def in_each_worker() -> None:
    """Call the function that configures the logger in each worker, too, by the pool's
    `initializer`: what you configure under the main guard does not reach a worker that is started
    with `forkserver` or `spawn`.

    Silent. The lines of a worker are missing, or have another format and go to standard error.
    """
    shown("logging/not_configured", "INFO the parent begins\nINFO order 17 billed")
    shown("logging/not_configured", "billed\n\nOutput\nINFO the parent begins\n")
    shown("logging/one_listener", "Pool(2, begin, (records,))", "INFO order 2 billed")


def stays_at_0() -> None:
    """A bar that workers update stays at 0.

    A `Progress` of rich belongs to the parent. In a worker, `update()` changes a copy under `fork`,
    and handing it over raises `TypeError` under `forkserver` and `spawn`. Send the steps instead:
    """
    from rich.progress import Progress

    progress = Progress(disable=True)
    bar = progress.add_task("film", total=10)
    worker = Process(target=_update, args=(progress, bar))
    if get_start_method() == "fork":
        worker.start()
        worker.join()
        assert worker.exitcode == 0
    else:
        with raises(TypeError, text="cannot pickle"):
            worker.start()
    assert progress.tasks[0].completed == 0
    shown("logging/rich_pipes", "progress.advance(bar_of[receiver], receiver.recv())", "u 50 of 50")


def _update(progress: "Progress", bar: "TaskID") -> None:
    progress.update(bar, advance=5)
    assert progress.tasks[0].completed == 5


def cannot_be_pickled() -> None:
    """Handing over a logger, a lock or a bar can raise `TypeError: cannot pickle ...`.

    The lock of `tqdm.get_lock()` cannot be pickled unless `set_lock()` was given an `RLock` of
    `multiprocessing` before.
    """
    from rich.progress import Progress
    from tqdm import tqdm

    with raises(TypeError, text="cannot pickle"):
        pickle.dumps(Progress(disable=True))
    spawn = multiprocessing.get_context("spawn")
    with raises(TypeError, RuntimeError):
        spawn.Process(target=tqdm.set_lock, args=(tqdm.get_lock(),)).start()
    lock = multiprocessing.RLock()
    tqdm.set_lock(lock)
    assert tqdm.get_lock() is lock
    shown("logging/tqdm_in_workers", "lock = RLock()\n    tqdm.set_lock(lock)", "Nosferatu: 50")


def under_fork() -> None:
    """Under `fork`, the child has a copy of the parent's loggers and handlers. Otherwise it imports
    the program again, and nothing under the main guard runs there.
    """
    import structlog

    seen: SimpleQueue[tuple[str, bool]] = SimpleQueue()
    logging.root.addHandler(logging.NullHandler())
    structlog.configure()
    worker = Process(target=_tell, args=(seen,))
    worker.start()
    worker.join()
    has_copy = get_start_method() == "fork"
    assert seen.get() == (str(["NullHandler"] if has_copy else []), has_copy)
    logging.root.handlers.clear()
    structlog.reset_defaults()


def _tell(seen: "SimpleQueue[tuple[str, bool]]") -> None:
    import structlog

    names = [type(handler).__name__ for handler in logging.root.handlers]
    seen.put((str(names), structlog.is_configured()))


def one_file() -> None:
    """If each worker had the parent's configuration with a file in it, several processes would
    write to one file.
    """
    no_fact("a conclusion; the page that is linked has its reasons")


def why() -> None:
    """Logging from many processes says why it is `close()`, `join()` and `stop()`, and why the
    listener is started last.

    With a dictionary, note:
    """
    no_fact("an introduction")


INTERRUPTS = """
    import os
    from multiprocessing import parent_process
    if order == 1:
        os.kill(parent_process().pid, signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
"""


def they_ignore_it() -> None:
    """The workers ignore Ctrl-C: otherwise it would end a task without a result, and `join()` would
    wait for that forever.
    """
    if sys.platform == "win32":
        return
    task = "def bill(order):\n"
    ignores = "    signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    interrupted = changed(
        "logging/one_listener",
        (task, task + INTERRUPTS),
        (
            "            pool.close()\n",
            "            print('closed', flush=True)\n            pool.close()\n",
        ),
    )
    ends = script(interrupted)
    assert ends.status and "KeyboardInterrupt" in ends.stderr
    assert set(ends.stdout.splitlines()) == {"closed", "INFO order 1 billed", "INFO order 2 billed"}
    hangs = script(interrupted.replace(ignores, ""), hangs_after="closed\n")
    assert hangs.status is None


def the_factory() -> None:
    """`"()"` calls `QueueHandler` with the queue, and does nothing else."""
    queue: multiprocessing.Queue[object] = multiprocessing.Queue()
    handler = {"()": "logging.handlers.QueueHandler", "queue": queue}
    logging.config.dictConfig(
        {"version": 1, "handlers": {"queue": handler}, "root": {"handlers": ["queue"]}}
    )
    (made,) = logging.root.handlers
    assert isinstance(made, logging.handlers.QueueHandler)
    assert made.queue is queue
    assert getattr(made, "listener", None) is None
    logging.root.handlers.clear()
    queue.close()
    queue.join_thread()


def existing_loggers() -> None:
    """`disable_existing_loggers` is true if it is left out. Then `dictConfig` silences the loggers
    that were made at import, such as `log = logging.getLogger(__name__)`, unless its
    `loggers` name them or a logger above them.
    """
    log = logging.getLogger(__name__)
    for options, is_disabled in (({"disable_existing_loggers": False}, False), ({}, True)):
        logging.config.dictConfig({"version": 1, **options})
        assert log.disabled == is_disabled
    for name in __name__, __name__.rpartition(".")[0]:
        for named, is_disabled in (name, False), (f"{name}.below", True):
            log.disabled = False
            logging.config.dictConfig({"version": 1, "root": {}, "loggers": {named: {}}})
            assert log.disabled == is_disabled
    log.disabled = False


def without_the_initializer() -> None:
    """Without the initializer, a spawned worker prints in structlog's own format for terminals, and
    what was bound in the parent is missing.

    Each process writes its own lines here; to have one that writes, let structlog hand its events
    to `logging`, with the listener above.
    """
    import structlog

    shown("logging/structlog_worker", "Pool(1, configure,", '"order": 1, "event": "billed", "shop')
    assert isinstance(structlog.get_config()["processors"][-1], structlog.dev.ConsoleRenderer)
    if get_start_method() != "spawn":
        return  # these programs name the start method
    program = """
from multiprocessing import get_context
import structlog

def bill():
    structlog.get_logger().info("billed")

if __name__ == "__main__":
    structlog.configure([structlog.processors.JSONRenderer()])
    structlog.contextvars.bind_contextvars(shop="north")
    worker = get_context("spawn").Process(target=bill)
    worker.start()
    worker.join()
"""
    told = script(program).stdout
    assert "billed" in told
    assert "{" not in told
    assert "north" not in told


def through_a_queue() -> None:
    """With `enqueue=True`, messages go through a queue to a thread of the parent, which writes
    them.
    """
    shown("logging/loguru_worker", "enqueue=True", "INFO order 2 billed\nINFO the parent is done")


def _bill(logger: "loguru.Logger") -> None:
    logger.info("billed")


def what_you_leave_out() -> None:
    """handing the logger over | a spawned worker logs to standard error, in loguru's own format

    `enqueue=True` | `TypeError: cannot pickle ...`, if the sink is a file, or a stream such as
    `sys.stdout`; under `fork` no error, but each process writes to the sink itself

    `logger.remove()` | `TypeError: cannot pickle ...` in spite of `enqueue=True`: the sink with
    which loguru begins writes to standard error without a queue

    `context=` | `RuntimeError: A SemLock created in a fork context is being shared ...`, if the
    default is `fork` and the workers have another start method; before Python 3.11.5, the worker
    crashes

    the initializer: the logger is an argument of each task | `RuntimeError: SimpleQueue objects
    should only be shared ...`
    """
    import loguru

    loguru.logger.remove()
    with TemporaryDirectory() as folder:
        file = Path(folder, "log")
        loguru.logger.add(file, format="{process}")
        worker = Process(target=_bill, args=(loguru.logger,))
        if get_start_method() == "fork":
            worker.start()
            worker.join()
            assert file.read_text() == f"{worker.pid}\n"
        else:
            with raises(TypeError, text="cannot pickle"):
                worker.start()
        loguru.logger.remove()
    if get_start_method() != "spawn":
        return  # these programs name the start method
    log = 'logger.info("billed")'
    own = script(LOGURU.format(log=log, options=WITH_QUEUE, call="pool.apply(bill, (0,))"))
    assert own.stdout == ""
    assert "| INFO     | __mp_main__:bill:" in own.stderr
    given = PROCESS.format(given="logger")
    for options, call, error in (
        ("enqueue=False", given, "TypeError: cannot pickle "),
        (f"{WITH_QUEUE})\n    logger.add(sys.stderr", given, "TypeError: cannot pickle "),
        ('enqueue=True, context="fork"', given, "A SemLock created in a fork context is being sha"),
        (WITH_QUEUE, "pool.apply(bill, (logger,))", "SimpleQueue objects should only be shared "),
    ):
        if "fork" in options and not on("Python 3.11.5 and later"):
            continue  # there the child crashes, or the queue does not work
        failed = script(LOGURU.format(log=log, options=options, call=call))
        assert failed.status == 1
        assert error in failed.stderr


def a_local_function() -> None:
    """A `format` or a `filter` that is a lambda or a local function cannot be pickled: define it at
    module level.
    """
    import loguru

    loguru.logger.remove()
    for option, is_local in ("format", True), ("filter", True), ("filter", False):
        function = (lambda _: "{message}") if is_local else _ignore
        options: dict[str, Any] = {option: function}
        loguru.logger.add(print, **options)
        if is_local:
            with raises(AttributeError, pickle.PicklingError, text="Can't "):
                pickle.dumps(loguru.logger)
        else:
            pickle.dumps(loguru.logger)
        loguru.logger.remove()


def _ignore(_: object) -> bool:
    return True


def in_its_own_module() -> None:
    """`use` replaces the name `logger` in its own module only. Other modules that have imported
    `logger` need the same, or get the logger as an argument. The method `reinstall()`, which newer
    documentation describes, does not exist in loguru 0.7.3.
    """
    import loguru

    shown("logging/loguru_worker", "    global logger\n    logger = parents_logger")
    assert not hasattr(loguru.logger, "reinstall")


def bars_in_workers() -> None:
    """If the parent counts results, the bar belongs in the parent: see A progress bar over workers.
    With few long tasks, each worker can draw a bar of its own with tqdm:

    In a terminal, the bars are above these lines.
    """
    from tqdm import tqdm

    shown("progress-bar/with_tqdm", "as_completed(", "Output\n40 photos")
    shown("logging/tqdm_in_workers", "position=number", "Metropolis: 50 frames")
    drawn = StringIO()
    tqdm.monitor_interval = 0  # no thread, because another check forks
    for _ in tqdm(range(3), "Metropolis", file=drawn):
        pass
    assert "Metropolis: 100%" in drawn.getvalue()


def position() -> None:
    """`position` is the line of a bar, and the lock keeps two workers from writing at the same
    time.
    """
    no_fact("the page that is linked says so")


def a_killed_worker() -> None:
    """If a worker is killed, its pipe is closed, and the parent does not wait for the missing
    steps. If the parent is killed, a worker ends at its next `send()`; for that it closes its
    copies of the parent's ends, which it has under `fork` even if they are not passed.
    """
    assert notices_the_end_of_its_parent("logging/rich_pipes", "bar_of", "sender")
    if get_start_method() == "fork":
        program = changed("logging/rich_pipes", ("send(1)", 'send(1); __import__("os")._exit(1)'))
        assert script(program).stdout == "Metropolis 1 of 50\nNosferatu 1 of 50\n"


def the_thread() -> None:
    """The workers are started before `Progress`, which starts a thread where it draws."""
    shown("logging/rich_pipes", "workers[-1].start()\n        sender.close()\n    with Progress(")
    program = """
from threading import active_count
from rich.console import Console
from rich.progress import Progress
from io import StringIO
with Progress(console=Console(file=StringIO(), force_terminal=True), redirect_stdout=False):
    print(active_count())
"""
    assert script(program).stdout == "2\n"


def killed_with_loguru() -> None:
    """loguru: a message is in the pipe when the call of the logger returns, so it is written even
    if the worker then ends with `os._exit()`.
    """
    if get_start_method() != "spawn":
        return  # these programs name the start method
    log = 'given.info("billed"); os._exit(1)'
    call = PROCESS.format(given="logger")
    outcome = script(LOGURU.format(log=log, options=WITH_QUEUE, call=call))
    assert outcome.stdout == "billed\n"


def killed_with_logging() -> None:
    """`logging`: a `Queue` sends in a thread of the worker, and what was not sent yet is lost.

    In both cases, a worker that is killed while it sends may keep the lock of the queue.
    """
    shown("lock-holder-killed/killed_in_put", "still running after 5 s")


def configured_again() -> None:
    """A worker that replaces another one in a pool calls the initializer, too, and so is
    configured. The task of a killed worker is lost, and `map` waits forever.
    """
    shown("killed-worker/pool_hangs", "still running after 5 s")
    calls: SimpleQueue[int] = SimpleQueue()
    with multiprocessing.Pool(1, calls.put, (1,), maxtasksperchild=1) as pool:
        assert pool.apply(abs, (-1,)) + pool.apply(abs, (-1,)) == 2
        pool.close()
        pool.join()
    assert calls.get() + calls.get() == 2


def systemd_or_docker() -> None:
    """When that is not enough, let each process write to standard output, and let what starts the
    program, such as systemd or Docker, collect the lines.
    """
    no_fact("advice")


def versions() -> None:
    """Run with structlog 26.1.0, loguru 0.7.3, tqdm 4.70.1 and rich 15.0.0."""
    from importlib.metadata import version

    assert version("structlog") == "26.1.0"
    assert version("loguru") == "0.7.3"
    assert version("tqdm") == "4.70.1"
    assert version("rich") == "15.0.0"


def one_context() -> None:
    """If the workers have a start method of their own, make the queue with the same context:
    `get_context("spawn").Queue()`. `QueueHandler` has no parameter `context=`, as loguru has, and a
    queue of another context can raise the `SemLock` error.
    """
    from inspect import signature

    import loguru

    assert list(signature(logging.handlers.QueueHandler).parameters) == ["queue"]
    assert "context" in str(loguru.logger.add.__doc__)
    spawn = multiprocessing.get_context("spawn")
    for context in spawn, multiprocessing.get_context("fork"):
        handler = logging.handlers.QueueHandler(context.Queue())
        worker = spawn.Process(target=str, args=(handler.queue,))
        if context is spawn:
            worker.start()
            worker.join()
            assert worker.exitcode == 0
        elif on("Python 3.11.5 and later"):
            with raises(RuntimeError, text="A SemLock created in a fork context"):
                worker.start()


LINES = """
from multiprocessing import Pool, SimpleQueue

from tqdm import tqdm


def begin(numbers):
    global number
    number = numbers.get()


def encode(film):
    with tqdm(total=2, position=2 * number, leave=False, disable=True) as outer:
        for _ in tqdm(range(2), position=2 * number + 1, leave=False, disable=True):
            outer.update()
    return number


if __name__ == "__main__":
    numbers = SimpleQueue()
    for line in range(2):
        numbers.put(line)
    with Pool(2, begin, (numbers,)) as pool:
        print(set(pool.map(encode, range(20), chunksize=1)) <= {0, 1}, numbers.empty())
    numbers.close()
"""


def lines_of_its_own() -> None:
    """With more tasks than workers, or with bars inside bars, give each worker lines of its own:
    its initializer takes a number from a `SimpleQueue` that the parent has filled, and its bars
    have `position=2 * number` and `position=2 * number + 1`, with `leave=False`. Do not use
    `maxtasksperchild` then: the initializer of a new worker would wait for a number forever.
    """
    assert script(LINES).stdout.startswith("True ")
    begin, end = LINES.split("        print(set(")
    begin = begin.replace("(numbers,))", "(numbers,), maxtasksperchild=1)")
    first = "        print('begun', pool.apply(encode, (0,)), flush=True)\n"
    third = "        print(pool.map(encode, range(2), chunksize=1))\n"
    outcome = script(begin + first + third + end.partition("\n")[2], hangs_after="begun")
    assert outcome.status is None


def from_the_start() -> None:
    """A bar of a worker appears when its task begins.

    To show the bars of all tasks from the start, let the parent make them, and move them when steps
    arrive: `tqdm(total=50, position=line)` and `update()`, or `add_task()` of rich as below.
    """
    from tqdm import tqdm

    shown("logging/tqdm_in_workers", "def encode(number_and_film):", "in tqdm(range(50)")
    shown("logging/rich_pipes", "progress.add_task(f, total=STEPS) for f in films", "wait(bar_of)")
    tqdm.monitor_interval = 0  # no thread, because another check forks
    drawn = StringIO()
    bars = [tqdm(total=50, position=line, file=drawn) for line in range(3)]
    assert drawn.getvalue().count("| 0/50 [") == 3
    bars[2].update(50)
    for bar in bars:
        bar.close()
    assert "| 50/50 [" in drawn.getvalue()


def client_in_each_worker() -> None:
    """Make such a client in each worker, and let it send what is left before the task ends:"""
    shown("logging/client_in_worker", "initializer=begin", "client.flush()", "reported error with")


def two_ways() -> None:
    """So the events of a worker can get lost in two ways:

    The client was made in the parent.

    The worker ended before the thread had sent everything.
    """
    no_fact("what the sentences after these explain")


PARENT_CLIENT = """
import multiprocessing
import threading
from queue import Queue


def see():
    print("client" in globals(), threading.active_count())


if __name__ == "__main__":
    client = Queue()
    threading.Thread(target=client.get, daemon=True).start()
    process = multiprocessing.Process(target=see)
    process.start()
    process.join()
"""


def client_of_the_parent() -> None:
    """Under `forkserver` and `spawn`, what the parent made under the main guard does not exist in a
    worker.
    """
    seen = get_start_method() == "fork"
    assert script(PARENT_CLIENT).stdout == f"{seen} 1\n"


def reported_in_the_task() -> None:
    """An exception that you do not catch is sent back to the parent, and no process ends by it, so
    report it in the task, or in the parent where `result()` raises it.
    """
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(1) as executor:
        before = executor.submit(os.getpid).result()
        with raises(ZeroDivisionError):
            executor.submit(divmod, 1, 0).result()
        assert executor.submit(os.getpid).result() == before


def not_run() -> None:
    """The two were not run here."""
    no_fact("what this page does not show")


def wandb_was_not_run() -> None:
    """W&B was not run here."""
    no_fact("what this page does not show")


def in_each_process() -> None:
    """What holds for a run of W&B holds for other objects with a connection or a thread inside:
    make them in each process.
    """
    no_fact("advice; the page that is linked proves it")


def one_run_of_mlflow() -> None:
    """There are two ways to one run:

    In distributed training, let only the process with rank 0 log. The others send it their
    numbers.

    The parent starts the run, and hands its `run.info.run_id` to the workers.

    MLflow was not run here.
    """
    no_fact("advice, and what was not run")
