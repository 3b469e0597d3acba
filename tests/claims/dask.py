"""What docs/beyond/dask.md says."""

import atexit
import json
import logging
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache, partial
from importlib import import_module
from multiprocessing import get_start_method
from pathlib import Path
from typing import Any

from tests.claims import ONCE, PAUSE, ROOT, SURE, TIME_LIMIT, no_fact, raises, script, shown
from tests.claims._beside import beside
from tests.claims._dask import end, started
from tests.claims._hosts import hosts, possible
from tests.claims._until import until
from tests.claims._workers import fail_once, only_in_the_parent

PAGE = ROOT / "docs" / "beyond" / "dask.md"
PROGRAMS = ROOT / "examples" / "dask"
_beside = partial(beside, PROGRAMS)
RUNS_HERE = sys.platform == "linux"
LONG = 2 * TIME_LIMIT
_until = partial(until, limit=LONG)
_until_the_end = ExitStack()


def _distributed() -> Any:
    _beside("_scratch")  # first: at exit, it removes its folder after the clusters have ended
    return import_module("distributed")


def _setting(name: str) -> Any:
    _distributed()
    return import_module("dask").config.get(f"distributed.{name}")


@contextmanager
def _cluster(settings: dict[str, Any] | None = None, **options: Any) -> Iterator[Any]:
    """A client of a cluster of its own, by default of two workers."""
    distributed, scratch = _distributed(), _beside("_scratch")
    own = {f"distributed.{name}": value for name, value in (settings or {}).items()}
    options = scratch.LOCAL | {"n_workers": 2} | options
    with (
        scratch.own_folder(),
        import_module("dask").config.set(own),
        distributed.LocalCluster(**options) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


@cache
def _client() -> Any:
    """The client of one cluster for the checks that kill nothing; it ends with this process."""
    client = _until_the_end.enter_context(_cluster())
    atexit.register(_until_the_end.close)  # before Dask closes its clusters
    return client


def _workers(client: Any) -> list[str]:
    return sorted(client.scheduler_info(-1)["workers"])


def _known(dask_scheduler: Any) -> list[str]:
    return list(dask_scheduler.tasks)


def _forgotten(client: Any, key: str) -> bool:
    return _until(lambda: key not in client.run_on_scheduler(_known))


def what_it_is_for() -> None:
    """Dask hands tasks to workers on one machine or on several, and keeps their results in the
    workers until you ask for them. Use it if one machine is too small, or if tasks need the results
    of others. If one program starts all its workers and the tasks are independent, you need no
    scheduler:
    """
    no_fact("what a scheduler is for, and advice")


def nothing_survives() -> None:
    """Nothing survives its scheduler: what must survive belongs in a database or a file."""
    shown("dask/scheduler_killed", "42 ('answer',)", "after a restart: ()")


def in_place_of_what() -> None:
    """
    a counter | an actor | `Value`

    a dictionary | an actor | `Manager`

    jobs | `client.submit()` | `ProcessPoolExecutor`

    a big array | `client.scatter()`, a copy for each worker | `SharedMemory`, without a copy
    """
    shown("dask/counter", "client.submit(Counter, actor=True)")
    shown("dask/dictionary", "client.submit(Words, actor=True)")
    shown("dask/worker_killed", "client.submit(work")
    shown("dask/big_array", "client.scatter(", "first: -1.0\nfirst: 0.0")
    shown("numpy-array/own_rows", "buffer=")


def what_they_need() -> None:
    """The programs need `pip install "dask[distributed]" numpy`. Each starts workers of its own,
    with `LOCAL` and `own_folder()`, which are in a file beside them.
    """
    for program in PROGRAMS.glob("[a-z]*.py"):
        text = program.read_text("utf-8")
        assert "own_folder\n" in text
        assert ("n_workers=" in text and "**LOCAL" in text) or '"worker"' in text


class _Slow:
    inside = 0

    def __init__(self) -> None:
        self.late = 0

    def wait(self, file: str) -> bool:
        return _until(Path(file).exists)

    def step(self) -> int:
        self.inside += 1
        time.sleep(0.05)  # for another call that would come in between
        found, self.inside = self.inside, self.inside - 1
        return found


def one_at_a_time() -> None:
    """An actor is an object in one worker, which runs its methods one at a time. The other
    processes call them from there: `add()` returns a future at once, and `result()` waits. A
    `Variable` is read and written in two steps, so it needs a `Lock`.

    `counter.n` works because the class has an `n`. If only `__init__()` sets it, it raises
    `AttributeError`.
    """
    shown(
        "dask/counter", "actor: 200", "variable, 2 times: 1", "variable with a lock, 40 times: 40"
    )
    if RUNS_HERE and get_start_method() == ONCE:
        slow = _client().submit(_Slow, actor=True, pure=False).result()
        with tempfile.TemporaryDirectory() as folder:
            waits = slow.wait(f"{folder}/go")
            steps = [slow.step() for _ in range(4)]
            assert not waits.done()
            Path(folder, "go").touch()
            assert waits.result()
        assert [step.result() for step in steps] == [1, 1, 1, 1]
        assert slow.inside == 0
        with raises(AttributeError):
            _ = slow.late


def it_counts_again() -> None:
    """If the worker of a task is killed, the task runs again, and counts again.

    a worker, during a task | nothing, but the task runs again

    a worker that alone has a result | nothing: its task runs again

    a worker with an actor | the actor
    """
    shown("dask/worker_killed", "the job has run, times: 2", "the result was made, times: 2")
    shown("dask/worker_killed", "RuntimeError: Worker holding Actor was lost")


def _hold(file: str) -> None:
    _distributed().Lock("report").acquire()
    Path(file).touch()
    os.kill(os.getpid(), signal.SIGKILL)


def _children() -> list[int]:
    """What a pool in a task returns."""
    with import_module("multiprocessing").get_context("spawn").Pool(1) as pool:
        found: list[int] = pool.map(abs, [-1])
        return found


def a_killed_worker() -> None:
    """If the holder of a `Lock` is killed, others get the lock after its `lease-timeout`, by
    default 30 seconds.

    a worker with scattered data | the data, unless another worker has a copy

    Set `distributed.worker.daemon` to `False` before the workers start, or use threads in the task.
    """
    shown("dask/worker_killed", "FutureCancelledError: ")
    assert _setting("scheduler.locks.lease-timeout") == "30s"
    if RUNS_HERE and get_start_method() == ONCE:
        settings = {
            "scheduler.locks.lease-timeout": "1s",
            "scheduler.locks.lease-validation-interval": "200ms",
            "scheduler.allowed-failures": 0,
            "scheduler.active-memory-manager.start": False,
            "worker.daemon": False,
        }
        with tempfile.TemporaryDirectory() as folder, _cluster(settings) as client:
            first = _workers(client)[0]
            assert client.submit(_children, workers=[first]).result(LONG) == [1]
            data = client.scatter(b"data", broadcast=True)
            holder = client.submit(_hold, f"{folder}/held", workers=[first])
            with raises(_distributed().KilledWorker, text="on 1 different workers"):
                holder.result(LONG)
            assert Path(folder, "held").exists()
            assert data.result(LONG) == b"data"
            assert _distributed().Lock("report").acquire(timeout=LONG)
            client.wait_for_workers(2, timeout=LONG)  # else closing may fail


def copies_and_names() -> None:
    """`get()` returns a copy, so only methods of the actor change the dictionary. When a client
    closes, the results that only it has asked for are deleted. A published result stays for other
    clients, until the scheduler ends. To publish another one under the same name, add
    `override=True`; without it, you get a `KeyError`.
    """
    shown("dask/dictionary", "words.get().result().clear()", "('red', 3)", "published: ('most',)")
    shown("dask/scheduler_killed", "after a restart: ()")
    if RUNS_HERE and get_start_method() == ONCE:
        client = _client()
        with _distributed().Client(client.scheduler.address, set_as_default=False) as other:
            mine, stays = other.submit(abs, -1, key="mine"), other.submit(abs, -2, key="stays")
            assert (mine.result(), stays.result()) == (1, 2)
            other.publish_dataset(stays, name="two")
            with raises(KeyError):
                other.publish_dataset(mine, name="two")
            assert "mine" in client.run_on_scheduler(_known)
        assert _forgotten(client, "mine")
        assert client.get_dataset("two").result() == 2
        client.publish_dataset(client.submit(abs, -3), name="two", override=True)
        assert client.get_dataset("two").result() == 3
        client.unpublish_dataset("two")


def until_reported() -> None:
    """The scheduler keeps each job until a worker has reported its result. Here workers are killed
    after the work, and before that report:

    The job ran twice, and so did the task whose result only the killed worker had. Data that you
    scatter and actors are not made again: they are lost.
    """
    shown("dask/worker_killed", "os.kill(os.getpid(), signal.SIGKILL)", "has run, times: 2")
    shown("dask/worker_killed", "was made, times: 2", "FutureCancelledError", "RuntimeError")


def _exit_once(file: str) -> tuple[int, int]:
    """The process that was the first to run this, and ended by it, and the one that then did."""
    if not (path := Path(file)).exists():
        path.write_text(str(os.getpid()))
        sys.exit()
    return int(path.read_text()), os.getpid()


def given_up() -> None:
    """A task that kills its worker is given up after more workers than `allowed-failures`, by
    default 3. A task that raises is not tried again, unless you submit it with `retries=`. But
    `sys.exit()` in a task kills its worker.
    """
    shown("dask/worker_killed", '"distributed.scheduler.allowed-failures": 1')
    shown("dask/worker_killed", "on 2 different workers")
    assert _setting("scheduler.allowed-failures") == 3
    if RUNS_HERE and get_start_method() == ONCE:
        with tempfile.TemporaryDirectory() as folder:
            submit = _client().submit
            with raises(ValueError, text="once"):
                submit(fail_once, f"{folder}/a").result()
            assert Path(folder, "a").stat().st_size == 1
            assert submit(fail_once, f"{folder}/b", retries=1).result() == 2
            with _cluster() as client:
                first, second = client.submit(_exit_once, f"{folder}/c").result(timeout=LONG)
                assert first != second
                client.wait_for_workers(2, timeout=LONG)  # else closing may fail


def _set_first(array: Any) -> None:
    array[0] = 1


def _first(array: Any) -> float:
    found: float = array[0]
    return found


def one_copy_each() -> None:
    """Each worker has a copy. Tasks of one worker share it, so a change by one of them is seen by
    later tasks there, and nowhere else: copy an array before you change it. The same holds for the
    result of a task.
    """
    shown("dask/big_array", "right: True, copies for two tasks: 1")
    shown("dask/big_array", "first: -1.0\nfirst: 0.0\nfirst in the parent: 0.0")
    if RUNS_HERE and get_start_method() == ONCE:
        client = _client()
        at = {"workers": _workers(client)[:1]}
        zeros = client.submit(import_module("numpy").zeros, 3, **at)
        client.submit(_set_first, zeros, **at).result()
        assert zeros.result()[0] == 1
        assert client.submit(_first, zeros, **at).result() == 1


def copies_of_a_broadcast() -> None:
    """`broadcast=True` makes a copy in each worker, but the active memory manager removes all but
    one within seconds, unless you turn it off as above. Then a worker without one gets the array
    from another worker, when a task there needs it.

    `future.result()` brings one more copy, to the parent.
    """
    shown("dask/big_array", "dask.config.set({manager: False})")
    assert _setting("scheduler.active-memory-manager.start") is True
    if RUNS_HERE and get_start_method() == ONCE:
        client = _client()
        array = client.scatter(import_module("numpy").arange(1000.0) + 1, broadcast=True)

        def holders() -> list[str]:
            ((_, found),) = client.who_has(array).items()
            return list(found)

        assert _until(lambda: len(holders()) == 1)
        (other,) = {*_workers(client)} - {*holders()}
        assert client.submit(_first, array, workers=[other]).result() == 1
        received = array.result()
        received[0] = 5
        assert array.result()[0] == 1


def a_large_graph() -> None:
    """An array that is an argument of `submit()` or `map()` goes to the scheduler with the task.
    From 10 MB on, a `UserWarning` says so: `Sending large graph`.
    """
    assert _setting("admin.large-graph-warning-threshold") == "10MB"
    if RUNS_HERE and get_start_method() == ONCE:
        numpy = import_module("numpy")
        for size, warned in (1_000_000, 0), (11_000_000, 1):
            with warnings.catch_warnings(record=True) as found:
                warnings.simplefilter("always")
                assert _client().submit(_first, numpy.ones(size, "u1")).result() == 1
            texts = [str(one.message) for one in found if one.category is UserWarning]
            assert len([text for text in texts if "Sending large graph" in text]) == warned


def _command_line() -> list[str]:
    found: list[str] = import_module("psutil").Process().cmdline()
    return found


def how_it_is_shared() -> None:
    """Nothing is shared among processes: arguments and results are copies, which go through
    sockets. Python's own start method has no effect: `LocalCluster` uses `spawn` unless you set
    `distributed.worker.multiprocessing-method`, so a program needs the main guard.

    `LocalCluster` listens on `127.0.0.1`, where each user of the machine can connect.
    """
    shown("dask/big_array", "first in the parent: 0.0")
    context = import_module("distributed.utils").get_mp_context
    assert context().get_start_method() == "spawn"
    with import_module("dask").config.set({"distributed.worker.multiprocessing-method": "fork"}):
        assert context().get_start_method() == "fork"
    if RUNS_HERE:
        client = _client()
        assert client.scheduler.address.startswith("tcp://127.0.0.1:")
        for name, line in client.run(_command_line).items():
            assert name.startswith("tcp://127.0.0.1:")
            assert "spawn_main" in " ".join(line)


def the_scheduler() -> None:
    """
    the scheduler | everything
    """
    shown("dask/scheduler_killed", "FutureCancelledError: scheduler-connection-lost")
    shown("dask/scheduler_killed", "after a restart: ()")


def _work_on(scheduler: int, begun: str, done: str) -> None:
    process = import_module("psutil").Process(scheduler)
    Path(begun).touch()
    with suppress(import_module("psutil").NoSuchProcess):
        while process.status() != "zombie":
            time.sleep(PAUSE)
    Path(done).touch()


def the_scheduler_is_gone() -> None:
    """Workers end when their scheduler is gone, and do not come back: start them again, too. A task
    that runs at that moment may still do its work, and nobody is told. The client connects again if
    the scheduler is back within 30 seconds. Its old futures stay canceled, so submit their tasks
    again.

    `result()` has no time limit by default.
    """
    from inspect import signature

    shown("dask/scheduler_killed", "the worker has ended: 0")
    distributed = _distributed()
    assert _setting("comm.timeouts.connect") == "30s"
    assert signature(distributed.Future.result).parameters["timeout"].default is None
    if not RUNS_HERE or get_start_method() != ONCE:
        return
    with _beside("_scratch").own_folder() as folder, ExitStack() as stack:
        file = f"{folder}/scheduler.json"
        begin = partial(started, "scheduler", "--scheduler-file", file, "--port")
        first = stack.enter_context(begin("0"))
        worker = stack.enter_context(started("worker", "--nthreads", "1", "--scheduler-file", file))
        client = distributed.Client(scheduler_file=file, timeout=3 * LONG, set_as_default=False)
        stack.enter_context(client)
        at_work = client.submit(_work_on, first.pid, f"{folder}/begun", f"{folder}/done")
        assert _until(Path(folder, "begun").exists)
        first.kill()
        assert _until(Path(folder, "done").exists)
        first.wait()
        worker.wait(LONG)  # with its nanny
        with raises(distributed.client.FutureCancelledError):
            at_work.result()
        address = json.loads(Path(file).read_text("utf-8"))["address"]
        stack.enter_context(begin(address.split(":")[-1]))
        assert _until(lambda: client.status == "running")
        assert client.list_datasets() == ()
        assert at_work.cancelled()


def no_workers() -> None:
    """With no worker, it waits forever: set `timeout=`, or `no-workers-timeout` of the
    scheduler.
    """
    assert _setting("scheduler.no-workers-timeout") is None
    if RUNS_HERE and get_start_method() == ONCE:
        with _cluster(n_workers=0) as client, raises(TimeoutError):
            client.submit(abs, -1).result(timeout=SURE)
        given_up = raises(_distributed().scheduler.NoWorkerError)
        settings = {"scheduler.no-workers-timeout": "1s"}
        with _cluster(settings, n_workers=0) as client, given_up:
            client.submit(abs, -2).result(LONG)


def _draw() -> float:
    return random.random()


def taken_to_be_pure() -> None:
    """Dask takes functions to be pure: calls with the same function and arguments are one task,
    which runs once, while a future of it exists.
    """
    shown("dask/same_key", "{} tasks: 1 numbers: 1", "{'pure': False} tasks: 4 numbers: 4")
    if RUNS_HERE and get_start_method() == ONCE:
        client = _client()
        future = client.submit(_draw)
        drawn, key = future.result(), future.key
        assert client.submit(_draw).result() == drawn
        del future
        assert _forgotten(client, key)
        again = client.submit(_draw)
        assert again.key == key
        assert again.result() != drawn


def advice() -> None:
    """Use `pure=False` for a function that reads a file, counts, or draws a number.

    Keep what `submit()` returns, or pass it to `fire_and_forget()`.
    """
    no_fact("advice")


def _touch(path: str) -> None:
    Path(path).touch()


def _begin(begun: str, go: str, done: str) -> None:
    Path(begun).touch()
    while not Path(go).exists():
        time.sleep(PAUSE)
    Path(done).touch()


def _held(dask_worker: Any) -> list[str]:
    return list(dask_worker.state.tasks)


def no_future_is_kept() -> None:
    """If you keep no future of a task, Dask cancels it, unless it has begun."""
    if RUNS_HERE and get_start_method() == ONCE:
        client = _client()
        at = {"workers": _workers(client)[:1]}
        with tempfile.TemporaryDirectory() as folder:
            begun, go, done, dropped, kept = (
                f"{folder}/{name}" for name in ("begun", "go", "done", "dropped", "kept")
            )
            first = client.submit(_begin, begun, go, done, key="begun", **at)
            assert _until(Path(begun).exists)
            unwanted = client.submit(_touch, dropped, key="dropped", **at)
            assert _until(lambda: "dropped" in client.run(_held, **at)[at["workers"][0]])
            last = client.submit(_touch, kept, **at)
            _distributed().fire_and_forget(last)
            del first, last, unwanted
            assert _until(lambda: "dropped" not in client.run(_held, **at)[at["workers"][0]])
            Path(go).touch()
            assert _until(Path(kept).exists)
            assert Path(done).exists()
            assert not Path(dropped).exists()


def they_are_daemonic() -> None:
    """The workers are daemonic, so a task cannot start a `Pool` or a `Process`."""
    if RUNS_HERE and get_start_method() == ONCE:
        with raises(AssertionError, text="daemonic processes are not allowed to have children"):
            _client().submit(_children).result()


def own_modules() -> None:
    """The scheduler and each worker import your modules by name, from their own disks. If the
    scheduler has none of that name, you get `RuntimeError: Error during deserialization of the task
    graph`, below a `ModuleNotFoundError`. If only a worker has none, it ends, nothing starts it
    again, and `result()` waits forever. Send a single file to all of them with
    `client.upload_file()`; install a package on each host, and start them again.
    """
    if not RUNS_HERE or get_start_method() != ONCE:
        return
    distributed = _distributed()
    with _beside("_scratch").own_folder() as folder, ExitStack() as stack:
        client = stack.enter_context(_cluster(n_workers=1))
        # once the worker is there
        module, answer = stack.enter_context(only_in_the_parent(folder))
        lost = client.submit(answer, pure=False)  # this process is the scheduler
        assert _until(lambda: not _workers(client))
        with raises(TimeoutError):
            lost.result(timeout=SURE)
        assert not _workers(client)
        file = ["--scheduler-file", f"{folder}/scheduler.json"]
        stack.enter_context(started("scheduler", "--port", "0", *file))
        stack.enter_context(started("worker", "--no-nanny", *file))
        with distributed.Client(scheduler_file=file[1], timeout=LONG) as client:
            client.wait_for_workers(1, timeout=LONG)
            with raises(RuntimeError, text="Error during deserialization of the task graph"):
                client.submit(answer, pure=False).result(LONG)
            client.upload_file(str(module))
            assert client.submit(answer, pure=False).result(LONG) == 42


def _part(number: int) -> bytes:
    return bytes([number]) * 20_000_000


def _spilled(dask_worker: Any) -> int:
    return len(dask_worker.data.disk)


def _too_much() -> None:
    held: list[bytes] = []
    while len(held) < 50:
        held.append(b"x" * 10_000_000)
        time.sleep(PAUSE)
    time.sleep(LONG)  # until it is killed


class _Told(logging.Handler):
    """What a logger says."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


def too_much_memory() -> None:
    """Each worker has a `memory_limit`. Then its task runs again, and ends as `KilledWorker`. Make
    tasks smaller or the limit higher: only what tasks return can be moved to disk.
    """
    memory = _setting("worker.memory")
    found = [memory[name] for name in ("target", "pause", "terminate")]
    assert found == [0.6, 0.8, 0.95]
    if RUNS_HERE and get_start_method() == ONCE:
        told, logger = _Told(), logging.getLogger("distributed.nanny.memory")
        logger.addHandler(told)
        logger.setLevel(logging.WARNING)
        logger.propagate = False
        # To disk early, so that the results alone never come near to the limit. With one failure
        # allowed, a worker that is lost before does not end the tasks.
        settings = {"scheduler.allowed-failures": 1, "worker.memory.target": 0.1}
        with _cluster(settings, n_workers=1, memory_limit="400MB") as client:
            parts = client.map(_part, range(3))
            _distributed().wait(parts)
            client.wait_for_workers(1, timeout=LONG)  # a busy machine may be late to hear of it
            spilled = _until(lambda: sum(client.run(_spilled).values()) > 0)
            assert spilled, [part.status for part in parts]
            assert client.submit(len, parts[0]).result() == 20_000_000
            del parts
            with raises(_distributed().KilledWorker, text="on 2 different workers"):
                client.submit(_too_much).result(LONG)
            client.wait_for_workers(1, timeout=LONG)  # else closing may fail
        assert any("exceeded 95% memory budget. Restarting" in text for text in told.texts)


NO_GUARD = """
from dask.distributed import Client
Client(n_workers=1, dashboard_address="127.0.0.1:0")
"""

NO_FOLDER = """
import os
from tempfile import gettempdir
from dask.distributed import Client
with Client(processes=False, dashboard_address="127.0.0.1:0") as client:
    print(client.submit(abs, -7).result())
print(os.listdir(gettempdir() + "/dask-scratch-space") != [])
"""


def no_main_guard() -> None:
    """Without the main guard, each worker runs the program again, and fails with `An attempt has
    been made to start a new process before the current process has finished its bootstrapping
    phase`.
    """
    if RUNS_HERE and get_start_method() == ONCE:
        run = script(NO_GUARD)
        assert run.status == 1
        text = " ".join(run.stderr.split())
        assert "RuntimeError: Nanny failed to start." in text
        assert (
            "An attempt has been made to start a new process before the current process has "
            "finished its bootstrapping phase."
        ) in text


def what_they_leave() -> None:
    """The workers and the scheduler keep files there, and some stay. Set `temporary-directory` to a
    folder that you remove, as `own_folder()` does.
    """
    if RUNS_HERE and get_start_method() == ONCE:
        run = script(NO_FOLDER)
        assert (run.status, run.stdout) == (0, "7\nTrue\n")


def _listens() -> set[str]:
    connections = import_module("psutil").Process().net_connections("tcp")
    return {one.laddr.ip for one in connections if one.status == "LISTEN"}


def the_port() -> None:
    """The first cluster of a machine has its web pages there, and the next one takes another port,
    with this warning. By default, `LocalCluster` offers them on all interfaces, even if
    `dashboard_address` is `":0"`. `"127.0.0.1:0"` is any free port, for this machine alone.
    """
    from inspect import signature

    everywhere = "0.0.0.0"
    distributed = _distributed()
    default = signature(distributed.LocalCluster).parameters["dashboard_address"].default
    assert default == ":8787"
    if RUNS_HERE and get_start_method() == ONCE:
        with socket.create_server(("127.0.0.1", 0)) as taken:  # 8787 may be another program's
            port = taken.getsockname()[1]
            with warnings.catch_warnings(record=True) as found:
                warnings.simplefilter("always")
                with _cluster(n_workers=0, dashboard_address=f"127.0.0.1:{port}"):
                    pass
        assert any(f"Port {port} is already in use" in str(one.message) for one in found)
        for address, wide in (default, True), (":0", True), ("127.0.0.1:0", False):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                with _cluster(n_workers=0, dashboard_address=address):
                    assert (everywhere in _listens()) == wide, address


def pickles() -> None:
    """Pickles from others are code, too."""
    shown("untrusted-data/recv_runs_code", "recv()")


def _commands() -> list[str]:
    """The three blocks of commands for several hosts, as they stand on the page."""
    found = PAGE.read_text("utf-8").split("## Several hosts")[1].split("```")
    return [block.removeprefix("bash\n") for block in found[1:6:2]]


CUT_OFF = """
import os, sys, time
from pathlib import Path
from dask.distributed import Client

def work(folder):
    name = os.environ["HOST"]
    Path(folder, f"begun on {name}").touch()
    while not Path(folder, "go").exists():
        time.sleep(0.01)
    Path(folder, f"done on {name}").touch()
    return name

with Client("tcp://10.0.0.1:8786", timeout=60) as client:
    client.wait_for_workers(2, timeout=60)
    there = client.run(lambda: os.environ["HOST"])
    one = [worker for worker, name in there.items() if name == "10.0.0.2"]
    at = {"workers": one, "allow_other_workers": True}
    print(client.submit(work, sys.argv[1], **at).result(timeout=60))
"""


def on_several_hosts() -> None:
    """On the host of the scheduler, whose address is `10.0.0.1` here:

    On each host of workers, in a folder of their own:

    On any of the hosts:

    The workers also connect to each other, on random ports, so a firewall must let them. If a host
    is cut off, the scheduler takes its workers for dead after `distributed.comm.timeouts.tcp`, by
    default 30 seconds, and runs their tasks elsewhere: meanwhile both may work. The workers that
    were cut off end. When the network is back, start them again.
    """
    assert _setting("comm.timeouts.tcp") == "30s"
    if not RUNS_HERE or get_start_method() != ONCE:
        return
    if not possible():
        print("this system does not let us make network namespaces, so there are no several hosts")
        return
    scheduler, worker, ask = _commands()
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    variables = {
        "PATH": path,
        "LD_LIBRARY_PATH": os.environ.get("LD_LIBRARY_PATH", ""),
        "DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP": "11s",  # the least that Dask allows
        "PYTHONWARNINGS": "ignore",
    }
    names = "10.0.0.1", "10.0.0.2", "10.0.0.3"
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        hosts(*names) as made,
        ExitStack() as stack,
    ):
        variables["DASK_TEMPORARY_DIRECTORY"] = folder
        started = []
        for host, name, command in zip(made, names, [scheduler, worker, worker], strict=True):
            own = Path(folder, name)
            own.mkdir()
            process = subprocess.Popen(
                host.line("sh", "-c", f"exec {command}"),
                cwd=own,
                env=variables | {"HOST": name},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            stack.callback(process.wait)
            stack.callback(process.kill)
            stack.callback(end, process)
            started.append(process)
        found = subprocess.run(
            made[2].line("sh", "-c", ask),
            env=variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=LONG,
        )
        assert found.stdout.strip() == "3", found.stderr
        with subprocess.Popen(
            made[0].line(sys.executable, "-c", CUT_OFF, folder),
            env=variables,
            stdout=subprocess.PIPE,
            text=True,
        ) as client:
            assert _until(Path(folder, "begun on 10.0.0.2").exists)
            made[1].set_cable("down")
            assert _until(Path(folder, "begun on 10.0.0.3").exists)
            Path(folder, "go").touch()
            assert client.communicate()[0].strip() == "10.0.0.3"
        assert _until(Path(folder, "done on 10.0.0.2").exists)  # both have worked
        assert started[1].wait(LONG) == 0


def how_they_start() -> None:
    """A `Client` with `n_workers=2` makes a `LocalCluster`, and ends it. `LOCAL` has
    `threads_per_worker=1`, `dashboard_address="127.0.0.1:0"` and a log level. `own_folder()` sets
    `temporary-directory` to a new folder, which it removes, also after Ctrl-C, SIGTERM and SIGHUP.
    """
    local = _beside("_scratch").LOCAL
    assert local.pop("silence_logs") == logging.CRITICAL
    try:
        assert local == {"threads_per_worker": 1, "dashboard_address": "127.0.0.1:0"}
    finally:
        local["silence_logs"] = logging.CRITICAL


STARTS = """
import os, time
from _scratch import LOCAL, own_folder
from dask.distributed import Client, LocalCluster

def main():
    with own_folder() as folder, Client(n_workers=1, **LOCAL) as client:
        assert isinstance(client.cluster, LocalCluster)
        (worker,) = client.run(os.getpid).values()
        print(folder, worker, flush=True)
        while True:
            time.sleep(0.1)  # a signal that comes between two steps does not end a longer one

if __name__ == "__main__":
    main()
"""


def _ended(process: int) -> bool:
    psutil = import_module("psutil")
    with suppress(psutil.NoSuchProcess):
        return bool(psutil.Process(process).status() == psutil.STATUS_ZOMBIE)
    return True


def how_they_end() -> None:
    """If the program is killed with SIGKILL, the workers of its `LocalCluster` end, and the folder
    stays.

    the program that started a `LocalCluster` | everything; its folder stays
    """
    if RUNS_HERE and get_start_method() == ONCE:
        with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
            file = Path(place, "starts.py")
            file.write_text(STARTS, "utf-8")
            environment = os.environ | {"PYTHONPATH": str(PROGRAMS), "TMPDIR": place}
            begin = partial(
                subprocess.Popen,
                [sys.executable, str(file)],
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                process_group=0,
            )
            numbers = signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL
            programs = [stack.enter_context(begin()) for _ in numbers]
            for program in programs:
                stack.callback(program.kill)
            for program, number in zip(programs, numbers, strict=True):
                assert program.stdout
                folder, worker = program.stdout.readline().split()
                if number == signal.SIGINT:
                    os.killpg(program.pid, number)  # as Ctrl-C does
                else:
                    os.kill(program.pid, number)
                own = number in (signal.SIGTERM, signal.SIGHUP)
                assert program.wait(LONG) == (128 + number if own else -number)
                assert _until(lambda worker=worker: _ended(int(worker)))  # type: ignore[misc]
                assert Path(folder).exists() == (number == signal.SIGKILL)


def versions() -> None:
    """Run with Dask and distributed 2026.8.0."""
    from importlib.metadata import version

    assert version("dask") == version("distributed") == "2026.8.0"
