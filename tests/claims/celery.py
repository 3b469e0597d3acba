"""What docs/frameworks/celery.md says."""

import inspect
import os
import shutil
import signal
import sys
import tempfile
from importlib import import_module
from importlib.metadata import version
from multiprocessing import get_context, get_start_method
from multiprocessing.connection import Connection
from pathlib import Path
from subprocess import PIPE, Popen

from tests.claims import ONCE, ROOT, TIME_LIMIT, no_fact, raises, shown

PROGRAMS = ROOT / "examples" / "celery"
RUNS_HERE = sys.platform == "linux" and shutil.which("redis-server") is not None


def its_own_copy() -> None:
    """Each process of a Celery worker has its own copy of every global, so keep what tasks share in
    Redis or in a database.

    Silent. No error. A counter, a cache or a setting that one task has changed is as before in the
    next task, or jumps back and forth.

    Both processes count, each in a `count` of its own.
    """
    shown("celery/global_differs", "one process counts all: False\ntogether they do: True")
    shown("celery/count_in_redis", "each process counts all: True")


def billiard() -> None:
    """Do not start a `Pool` in a task: let the caller send each part as a task of its own, with
    `group`.

    Let the caller send each part as a task of its own, with `group`. The pool of billiard does not
    have this restriction, but it ends slowly:
    """
    shown("celery/billiard_pool", "from billiard import Pool", "pool in a task: [1, 4, 9]")
    shown("celery/billiard_pool", "group(", "a task for each: [1, 4, 9]")


ENDS = """
import os
import sys
from billiard import get_context, pool

pool.GUARANTEE_MESSAGE_CONSUMPTION_RETRY_LIMIT = 20  # 2 seconds instead of 30
pool.warning = lambda message: os.write(1, message.encode() + b"\\n")


def fail(number):
    raise LookupError(number)


def failed(number):
    return LookupError(number)


with get_context("fork").Pool(2) as workers:
    try:
        found = workers.map(globals()[sys.argv[1]], range(99), 1)
        print({type(error).__name__ for error in found})
    except LookupError:
        print("LookupError", flush=True)
"""


def _end(function: str) -> list[str]:
    """What is printed by the map of a pool, and then by the processes that stop waiting."""
    with tempfile.TemporaryDirectory() as folder:  # billiard may leave a folder there
        command = [sys.executable, "-c", ENDS, function]
        environment = os.environ | {"TMPDIR": folder}
        with Popen(command, stdout=PIPE, text=True, env=environment) as process:
            return process.communicate()[0].splitlines()


def it_ends_slowly() -> None:
    """The end of the `with` block of billiard's pool waits for its processes, often for a second.
    If a part has raised an exception, it can last half a minute, because a process waits for up to
    30 seconds until the pool has counted its results. To avoid that, catch the exception in the
    part, and return it.
    """
    pool = import_module("billiard.pool")
    steps = pool.GUARANTEE_MESSAGE_CONSUMPTION_RETRY_LIMIT
    assert round(steps * pool.GUARANTEE_MESSAGE_CONSUMPTION_RETRY_INTERVAL) == 30
    if RUNS_HERE and get_start_method() == ONCE:
        waited = "could not ensure all messages were consumed prior to exiting"
        while waited not in (lines := _end("fail")):
            assert lines == ["LookupError"]  # it depends on timing
        assert _end("failed") == [str({"LookupError"})]


def no_pool_in_a_task() -> None:
    """A task that starts a `Process` of `multiprocessing`, as a `Pool` and a
    `ProcessPoolExecutor` do, raises:
    """
    shown(
        "celery/pool_in_task",
        "for task in pool, executor",
        "AssertionError: daemonic processes are not allowed to have children\n"
        "AssertionError: daemonic processes are not allowed to have children\n",
    )


def lost() -> None:
    """If the process of a task is killed, for example because it uses too much memory, the result
    is a `WorkerLostError`:
    """
    shown("celery/lost_task", "except WorkerLostError", "Worker exited prematurely: signal 9")


def a_function_beside_them() -> None:
    """The programs on this page start Redis and the worker by `celery_worker`, a function in a file
    beside them.

    `_server.py` runs `redis-server` on a socket in the current folder, without files, and `python
    -m celery worker` with two processes and the options that a program names. It waits until the
    worker has answered a task.
    """
    text = (PROGRAMS / "_server.py").read_text("utf-8")
    assert '"--unixsocket", SOCKET, "--save", ""' in text
    assert '"-m", "celery"' in text
    assert '"--concurrency", "2"' in text
    assert 'send_task("celery.accumulate", [1])' in text


def on_other_machines() -> None:
    """Workers on other machines can count in the same Redis."""
    no_fact("what a server is for")


def remains() -> None:
    """The count remains when a process is killed, as shown below."""
    shown("celery/lost_task", "redis.incr(name)", "signal.SIGKILL", "again, runs: 2\ndone")


MADE_UP = """
import os
import sys
from multiprocessing import current_process, get_context
from _server import REDIS, SOCKET, celery_worker
from celery import Celery
from celery.signals import worker_process_init
from redis import Redis

app = Celery("made_up", broker=REDIS, backend=REDIS)
importer = os.getpid()
handled = []
total = get_context("fork").Value("q")
app.conf.worker_pool_start_method = METHOD
client = Redis(unix_socket_path=SOCKET)
if "worker" in sys.argv:
    client.ping()


@worker_process_init.connect
def started(**_):
    handled.append(os.getpid())
    raise RuntimeError("only logged")


def cannot_wait():
    try:
        app.AsyncResult("made-up").get(timeout=1)
    except RuntimeError as error:
        return "within a task" in str(error)


@app.task
def look():
    with total.get_lock():
        total.value += 1
    own = handled == [os.getpid()]
    connection = client.client_id()
    daemon = current_process().daemon
    return os.getpid(), total.value, importer, connection, own, daemon, cannot_wait()


if __name__ == "__main__":
    found, total = {}, 0
    with celery_worker(app) as worker:
        while len(found) < 2:
            for answer in [r.get(timeout=30) for r in [look.delay() for _ in range(10)]]:
                found[answer[0]] = answer
                total += 1
    shared = max(answer[1] for answer in found.values()) == total
    processes, _, importers, connections, *rest = zip(*found.values())
    imported = set(importers) == {worker.pid}
    own = len(set(connections)) == len(processes)
    print(shared, imported, importers == processes, own, *map(all, rest))
"""


def _output(code: str) -> str:
    """What a program, `made_up`, prints that has the server of the page's programs beside it."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(PROGRAMS / "_server.py", folder)
        program = Path(folder, "made_up.py")
        program.write_text(code)
        with Popen([sys.executable, str(program)], cwd=folder, stdout=PIPE, text=True) as process:
            return process.communicate()[0]


TIME_LIMITS = """
import time
from _server import REDIS, celery_worker
from celery import Celery

app = Celery("made_up", broker=REDIS, backend=REDIS)


@app.task(time_limit=1.5, soft_time_limit=0.5)
def slow():
    time.sleep(2.5)  # longer than both limits
    return "ran to its end"


if __name__ == "__main__":
    for pool in "threads", "solo", "prefork":
        with celery_worker(app, "--pool", pool):
            try:
                print(slow.delay().get(timeout=30))
            except Exception as error:
                print(type(error).__name__)
"""


def no_time_limit() -> None:
    """With `--pool threads` or `--pool solo`, both limits have no effect: the task runs to its end,
    and no error is reported.
    """
    if RUNS_HERE and get_start_method() == ONCE:
        ran = "ran to its end"
        assert _output(TIME_LIMITS).splitlines() == [ran, ran, "SoftTimeLimitExceeded"]


def _look(method: str) -> list[str]:
    """Whether two processes share a Value, were imported by the main process, each by itself,
    have a connection each, have run the handler, are daemonic, and must not wait for a task."""
    return _output(MADE_UP.replace("METHOD", repr(method))).split()


def forked() -> None:
    """On Linux, its processes are forked from the main process, and are daemonic.

    The client can be made at import, since a forked process opens a connection of its own with it.

    On Linux, if the processes are forked, a `Value` that is made at import, by
    `get_context("fork").Value("q")`, is shared by the processes of one worker.

    If the handler raises, the error is only logged, and the process runs tasks all the same.

    A task must not wait for other tasks: by default, `get()` raises `RuntimeError` there.
    """
    if RUNS_HERE and get_start_method() == ONCE:
        assert _look("fork") == ["True", "True", "False", "True", "True", "True", "True"]


def never_released() -> None:
    """A process that is killed while it holds the lock of the `Value` leaves the others waiting
    forever.
    """
    shown("lock-holder-killed/terminated", "still running")


def imported_first() -> None:
    """On Linux, the main process imports the tasks before it forks the others, which inherit all
    that the import has made.
    """
    shown("celery/once_per_process", "imported by the main process: True\nopened by each: True")


def later() -> None:
    """The handler must return within 4 seconds, the `worker_proc_alive_timeout`: a process that
    replaces another one and is slower is killed, again and again. Load what takes longer in the
    first task that needs it.
    """
    app = import_module("celery").Celery("made_up")
    assert app.conf.worker_proc_alive_timeout == 4
    if sys.platform != "win32":
        pool = import_module("celery.concurrency.asynpool").AsynPool
        handlers = inspect.getsource(pool._create_process_handlers)
        assert "self._proc_alive_timeout, verify_process_alive" in handlers
        assert "os.kill(proc.pid, 9)" in handlers


def not_at_import() -> None:
    """Use it only in the tasks, and not at import."""
    no_fact("advice")


def spawned() -> None:
    """In Celery 5.7.0, the setting `worker_pool_start_method = "spawn"` lets each process import
    the tasks itself.
    """
    if RUNS_HERE and get_start_method() == ONCE:
        assert _look("spawn") == ["False", "False", "True", "True", "True", "True", "True"]


def shared_out() -> None:
    """Parts that are tasks are shared out among all workers, and no process has children."""
    no_fact("what a queue of tasks is for")


def json_by_default() -> None:
    """Their arguments and results are JSON by default: a tuple becomes a list, the keys of a dict
    become strings, and what JSON does not have, such as a set or an array of NumPy, raises
    `EncodeError`.
    """
    conf = import_module("celery").Celery("made_up").conf
    assert (conf.task_serializer, conf.result_serializer) == ("json", "json")
    kombu = import_module("kombu.serialization")
    kind, encoding, data = kombu.dumps([(1, 2), {1: "x"}], serializer="json")
    assert kombu.loads(data, kind, encoding) == [[1, 2], {"1": "x"}]
    for thing in {1, 2}, import_module("numpy").arange(3):
        with raises(import_module("kombu.exceptions").EncodeError):
            kombu.dumps(thing, serializer="json")


def _nested(sender: Connection, folder: str) -> None:
    tempfile.tempdir = folder  # billiard leaves a folder there when it is killed
    pool = import_module("billiard").get_context("fork").Pool(1)
    sender.send(pool.apply(os.getpid))
    signal.pause()


def they_end_by_themselves() -> None:
    """If the process of a task is killed, the processes of its own pool end by themselves when they
    wait for the next task.
    """
    if sys.platform != "linux":
        return
    receiver, sender = get_context("spawn").Pipe(duplex=False)
    with tempfile.TemporaryDirectory() as folder, receiver:
        process = get_context("spawn").Process(target=_nested, args=(sender, folder))
        process.start()
        sender.close()
        assert receiver.recv() != process.pid
        process.kill()
        process.join()
        assert receiver.poll(TIME_LIMIT)
        with raises(EOFError):
            receiver.recv()  # the process of the pool had the sending end, too


def three_settings() -> None:
    """By default, a message is acknowledged just before the task runs, and a task that was killed
    is not repeated.

    With `acks_late` alone, the message is acknowledged when the process is killed.

    With `reject_on_worker_lost` as well, the message goes back to the queue, and another process
    runs the task again. A task that is killed each time goes round forever.

    The worker replaces the processes, and continues.
    """
    shown("celery/lost_task", "default, runs: 1\nWorker", "late, runs: 1\nWorker")
    shown("celery/lost_task", "again, runs: 2\ndone")


def every_5_seconds() -> None:
    """Every 5 seconds, Celery looks for processes that were killed, so the error or the second run
    may come that late.
    """
    if sys.platform != "win32":
        pool = import_module("celery.concurrency.asynpool").AsynPool
        assert "{self.maintain_pool: 5.0}" in inspect.getsource(pool.timers.fget)


def a_second_run() -> None:
    """Set the `visibility_timeout` to more than the longest of these times. Write tasks so that a
    second run does no harm.

    In production, start the worker by the command alone:
    """
    no_fact("advice")


def counted_twice() -> None:
    """`INCR` counts a second run as well."""
    shown("celery/lost_task", "redis.incr(name)", "again, runs: 2\ndone")


def versions() -> None:
    """Run with Celery 5.7.0, billiard 4.3.2 and redis 8.1.0, on Linux."""
    assert [version(name) for name in ("celery", "billiard", "redis")] == [
        "5.7.0",
        "4.3.2",
        "8.1.0",
    ]


def memory_that_grows() -> None:
    """Let the worker replace its processes:

    By default, there is no limit.

    A limit does not help if a single task needs more memory than there is, which kills the process,
    or if the main process grows.
    """
    app = import_module("celery").Celery("made_up")
    assert app.conf.worker_max_tasks_per_child is None
    assert app.conf.worker_max_memory_per_child is None
    completed = "the big task is completed there: True\nafter it, the same process: False"
    shown("celery/memory_bounded", "worker_max_memory_per_child = 250_000", completed)


def _fill_and_measure(sender: Connection) -> None:
    measure = import_module("billiard.compat").mem_rss
    inherited = measure()
    bytearray(b"x") * 100_000_000  # and freed
    sender.send((inherited, measure()))


def ever_had() -> None:
    """`worker_max_memory_per_child` | after a task, if the process has ever had more than that many
    KiB, with what it has inherited; the task is completed

    A limit below the memory that the processes inherit, such as that of a model, replaces a process
    after each task.
    """
    shown("celery/memory_bounded", "the big task is completed there: True")
    if RUNS_HERE and get_start_method() == ONCE:
        model = bytearray(b"x") * 200_000_000
        receiver, sender = get_context("fork").Pipe(duplex=False)
        child = get_context("fork").Process(target=_fill_and_measure, args=(sender,))
        child.start()
        inherited, most = receiver.recv()
        child.join()
        assert len(model) // 1024 < inherited < most - 50_000


def not_too_low() -> None:
    """A new process opens its connections again, so do not set a limit too low."""
    no_fact("advice; a connection belongs to a process, as above")


def an_exception_of_your_own() -> None:
    """If the `__init__` of an exception cannot be called with what it passes to
    `super().__init__()`, the exception cannot be rebuilt from its pickle, in Celery as in any pool.
    Then the caller gets an `UnpickleableExceptionWrapper` that names the class, and `except` with
    the class itself does not catch it. Pass all arguments on, as `OutOfStock` does here:
    """
    shown("celery/own_exception", "SoldOut: UnpickleableExceptionWrapper\nSoldOut(")
    shown("celery/own_exception", "super().__init__(article, wanted)", "OutOfStock: OutOfStock\n")
    wrapper = import_module("celery.utils.serialization").UnpickleableExceptionWrapper
    assert wrapper.__bases__ == (Exception,)


CATCHES = """
from _server import REDIS, celery_worker
from celery import Celery

app = Celery("made_up", broker=REDIS, backend=REDIS)


class OutOfStock(Exception):
    def __init__(self, article, wanted):
        super().__init__(article, wanted)


@app.task
def sell():
    raise OutOfStock("apple", {3})


def print_kind(theirs):
    try:
        app.send_task("made_up.sell").get(timeout=30)
    except theirs as error:
        print("caught", error.args)
    except Exception as error:
        print(type(error).__name__, error.args)


if __name__ == "__main__":
    with celery_worker(app):
        print_kind(OutOfStock)
        import made_up

        print_kind(OutOfStock)
        print_kind(made_up.OutOfStock)
"""


def caught_by_its_class() -> None:
    """`except OutOfStock` catches it only if the caller has imported the module in which the worker
    found the class. Else the caller gets a class of the same name that Celery makes. This is so in
    the program above, where the class of the caller is in `__main__`, and with `send_task()` by the
    name alone. An argument that JSON does not have arrives as a string.
    """
    shown("celery/own_exception", "class OutOfStock", 'if __name__ == "__main__":')
    if RUNS_HERE and get_start_method() == ONCE:
        args = "('apple', '{3}')"
        told = [f"OutOfStock {args}", f"OutOfStock {args}", f"caught {args}"]
        assert _output(CATCHES).splitlines() == told


HANDLERS = """
from _server import REDIS, celery_worker
from celery import Celery
from celery.signals import worker_process_init

app = Celery("made_up", broker=REDIS, backend=REDIS)
ran = []


@worker_process_init.connect
def started(**_):
    ran.append(True)


@app.task
def look():
    return bool(ran)


if __name__ == "__main__":
    for pool in "threads", "prefork":
        with celery_worker(app, "--pool", pool):
            print(look.delay().get(timeout=30))
"""


def no_handler_in_threads() -> None:
    """No handler of `worker_process_init` runs there, so open connections in the tasks."""
    if RUNS_HERE and get_start_method() == ONCE:
        assert _output(HANDLERS).split() == ["False", "True"]


def a_model_at_import() -> None:
    """So a big model that is only read is in memory once if the module loads it, and once in each
    process if a task does.
    """
    shown("celery/once_per_process", "imported by the main process: True")
    shown("read-only-model/inherited", "Loaded in workers: 0 times")


def only_the_main_process() -> None:
    """So let only the main process get it:"""
    no_fact("advice")


def started_again() -> None:
    """Let each run try to acquire a lock in Redis, and skip the run if another one holds it:"""
    shown("celery/one_run", "acquire(blocking=False)", "second run: skipped\nfirst run: done")
    shown("celery/one_run", "third run: done")


CRASHES = """
import os
import signal
from _server import REDIS, celery_worker
from billiard.exceptions import WorkerLostError
from celery import Celery

app = Celery("made_up", broker=REDIS, backend=REDIS)


@app.task
def crash():
    os.kill(os.getpid(), signal.SIGSEGV)


if __name__ == "__main__":
    with celery_worker(app):
        try:
            crash.delay().get(timeout=30)
        except WorkerLostError as error:
            print(error)
"""


def crashed() -> None:
    """If the message says `signal 11 (SIGSEGV)` instead, the process crashed, most of the
    time in a library that is not written in Python.
    """
    if RUNS_HERE and get_start_method() == ONCE:
        assert "Worker exited prematurely: signal 11 (SIGSEGV)" in _output(CRASHES)


def in_the_tasks_only() -> None:
    """Use such a library in the tasks only, or set `worker_pool_start_method = "spawn"`, as
    above.

    """
    no_fact("advice; what the setting does stands above")


def until_the_expiry() -> None:
    """`timeout` is the expiry of the lock: if the process is killed, the lock is free after that
    time, and until then each run is skipped. A run that takes longer than the expiry loses its
    lock, and `release()` raises an error.
    """
    shown("celery/one_run", "timeout=EXPIRY", "EXPIRY = 600  # seconds: more than")
    shown("redis/lock_killed", "timeout=expiry")
    shown("redis/lock_slow", "timeout=1)  # seconds", "LockNotOwnedError")
