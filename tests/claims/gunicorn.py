"""What docs/frameworks/gunicorn.md says."""

import fcntl
import multiprocessing
import os
import signal
import socket
import sys
from contextlib import suppress
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from multiprocessing import Pipe, Process, get_start_method
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event as SharedEvent
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

from tests.claims import ROOT, SURE, no_fact, raises, script, shown

PROGRAMS = ROOT / "examples" / "gunicorn"
sys.path.append(str(PROGRAMS))
server = import_module("_server")


def its_own_copy() -> None:
    """Each Gunicorn worker is a process of its own, with its own copy of every global.

    Silent. No error. A counter, a cache or a setting that one request has changed is as before in
    the next request, or jumps back and forth.

    Nothing that it makes then is shared.

    Both workers count, each in a `count` of its own, and neither sees all requests.
    """
    shown("gunicorn/global_differs", "one worker counts all: False\ntogether they do: True")


def preload() -> None:
    """To share a number, make a `Value` at import, and start Gunicorn with `--preload`.

    Each worker is killed after its first answer, and the workers that replace them go on with the
    same number.
    """
    shown("gunicorn/preloaded", '"--preload"', "signal.SIGKILL", "each worker counts all: True")


def one_worker() -> None:
    """With one worker, as in development, it works."""
    with server.gunicorn("--workers", "1", "global_differs:app") as ask:
        assert [int(ask()[1]) for _ in range(3)] == [1, 2, 3]


def a_function_beside_them() -> None:
    """The programs on this page start the server by `gunicorn`, a function in a file beside them.

    `_server.py` runs `python -m gunicorn --workers 2`, with the options that a program names. It
    opens the port itself and hands it over with `--bind fd://`, so no port can be taken by another
    program, and the first question waits until the server is ready.
    """
    text = (PROGRAMS / "_server.py").read_text("utf-8")
    assert '"-m", "gunicorn", "--workers", "2"' in text
    assert 'create_server(("127.0.0.1", 0))' in text
    assert '"--bind", f"fd://{fd}", *options' in text


def _asked(source: str, *options: str) -> dict[str, str]:
    """What two workers answer that import an application with these lines, by worker."""
    with TemporaryDirectory() as folder:
        Path(folder, "made_up.py").write_text(
            f"import os, threading\n{source}\n"
            "def app(environ, start_response):\n"
            "    start_response('200 OK', [])\n"
            "    return [f'{os.getpid()} {answer()}'.encode()]\n"
        )
        answers: dict[str, str] = {}
        with server.gunicorn("--pythonpath", folder, *options, "made_up:app") as ask:
            while len(answers) < 2:
                answers.update([ask()])
        return answers


@cache
def _imported(*options: str) -> set[str]:
    """Whether the main process has imported the application, and how many of its threads run."""
    source = """
importer = os.getpid()
threading.Thread(target=threading.Event().wait, daemon=True).start()
def answer():
    return f"{importer == os.getppid()}-{threading.active_count() - 1}"
"""
    return set(_asked(source, *options).values())


def imported_once() -> None:
    """With `--preload`, the main process imports the application once, before it starts the
    workers. They inherit the `Value` and its lock.
    """
    shown("gunicorn/preloaded", "each worker counts all: True")
    if get_start_method() == "fork":
        assert _imported("--preload") == {"True-0"}
        assert _imported() == {"False-1"}


def made_by_a_fork() -> None:
    """Gunicorn's workers are made by a fork, whatever the start method of `multiprocessing` is, so
    the `Value` comes from the context for `fork`.
    """
    arbiter = import_module("gunicorn.arbiter")
    assert "os.fork()" in Path(str(arbiter.__file__)).read_text("utf-8")
    shown("gunicorn/preloaded", 'get_context("fork").Value')


def only_shared_memory() -> None:
    """Each worker has its own copy of a list, a dict or another ordinary object that was made at
    import, also with `--preload`. Only what shares memory is shared.
    """
    requests = 0
    counts: dict[str, int] = {}
    with server.gunicorn("--preload", "global_differs:app") as ask:
        while len(counts) < 2:
            worker, counted = ask()
            requests += 1
            counts[worker] = int(counted)
    assert sum(counts.values()) == requests


def a_pool_made_at_import() -> None:
    """A `Pool` that was made at import has no threads in a worker with `--preload`, so a task that
    a request gives to it is never done, and neither is one of an executor that was used before.

    An executor that was not used has queues that all workers share: a request can wait forever, or
    get the result of another worker's task. Let each worker make its own, at its first request.
    """
    from tests.claims import fork_with_threads

    made_by_a_fork()
    fork_with_threads.pools_of_the_parent()
    if get_start_method() == "fork":
        assert _imported("--preload") == {"True-0"}  # no thread but its own
        assert script(UNUSED).stdout == "of another worker\n"
        own = "get = cache(lambda: get_context('spawn').Pool(1))"
        assert _stopped(own, "get().apply(abs, (-1,))") == "1\nShutting down\nstopped\n"


UNUSED = """
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

executor = ProcessPoolExecutor(1, get_context("fork"))
if (worker := os.fork()) == 0:
    executor._call_queue.put("of another worker")
    executor._call_queue.close()
    executor._call_queue.join_thread()
    os._exit(0)
print(executor._call_queue.get())
os.waitpid(worker, 0)
"""
STOPPED = """
import sys
from subprocess import PIPE, Popen
sys.path.append({programs!r})
import _server

class Told(Popen):
    def terminate(self):
        super().terminate()
        for line in self.stderr:
            if b"Shutting down: Master" in line:
                print("Shutting down", flush=True)
                break

_server.Popen = lambda *given, **named: Told(*given, stderr=PIPE, **named)
options = ["--workers", "1", "--log-level", "info", "--pythonpath", {folder!r}]
with _server.gunicorn("--preload", *options, "held:app") as ask:
    print(*ask(), flush=True)
print("stopped")
"""
HELD = """
from functools import cache
from multiprocessing import get_context
from threading import Event

fork = get_context("fork")
{made}

def app(environ, start_response):
    start_response("200 OK", [])
    return [str({answer}).encode()]
"""


def _stopped(made: str, answer: str, hangs: bool = False) -> str:
    """What a server prints that has made this at import, is asked once, and is stopped."""
    with TemporaryDirectory() as folder:
        Path(folder, "held.py").write_text(HELD.format(made=made, answer=answer))
        program = STOPPED.format(programs=str(PROGRAMS), folder=folder)
        run = script(program, hangs_after="Shutting down\n" if hangs else "")
    assert (run.status is None) == hangs
    return run.stdout


def no_process_at_import() -> None:
    """With `--preload`, make no process of `multiprocessing` at import. A worker that ends
    terminates the daemons of the main process. After SIGTERM, the main process waits for a process
    that is not a daemon, and waits forever for a `Pool`: a terminated worker of the pool still
    holds a lock.
    """
    if get_start_method() != "fork":
        return  # Gunicorn's own forks, checked once
    waits = "made = fork.Process(target=Event().wait, daemon={})\nmade.start()"
    assert _stopped(waits.format(True), "made.pid > 0") == "True\nShutting down\nstopped\n"
    assert _stopped(waits.format(False), "made.pid > 0", hangs=True) == "True\nShutting down\n"
    pool = "made = fork.Pool(1)\nmade.apply(abs, (-1,))"
    assert _stopped(pool, "2", hangs=True) == "2\nShutting down\n"


def killed_with_the_lock() -> None:
    """If a worker is killed while it holds the lock, all others wait forever."""
    shown("lock-holder-killed/terminated", "Output")


def elsewhere() -> None:
    """Open connections to databases in each worker, and not at import: preloaded ones would be used
    by all workers at the same time.

    For a dict, a cache or a rate limit, use an object on a server that is started beside Gunicorn;
    for what must survive a restart, a database.
    """
    no_fact("advice; the pages that are linked prove it")


def in_every_worker() -> None:
    """A thread or a scheduler that is started at import runs in every worker."""
    if get_start_method() == "fork":
        assert _imported() == {"False-1"}


def the_one_that_has_it() -> None:
    """Let the workers compete for a file lock: the one that has it runs the job.

    The system releases the lock when the process ends, however it ends. Then one of the other
    workers gets it.
    """
    shown(
        "gunicorn/job_once",
        "fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)",
        "signal.SIGKILL",
        "After its worker is killed, another one runs the job",
    )


WAITS = """
from gevent import monkey
monkey.patch_all()
import fcntl
from threading import Thread
from time import sleep
def job():
    with open("job.lock", "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
with open("job.lock", "a") as first:
    fcntl.flock(first, fcntl.LOCK_EX)
    print("locked", flush=True)
    Thread(target=job, daemon=True).start()
    sleep(0)  # lets the greenlet begin
    print("The main thread goes on")
"""


def it_asks_again() -> None:
    """Each asks again and again with `LOCK_NB`, because with `--worker-class gevent` a thread is a
    greenlet, and an `flock` that waits stops the whole worker: it answers no request, and no error
    is reported.
    """
    shown("gunicorn/job_once", "except BlockingIOError:", "time.sleep(0.5)")
    if get_start_method() != "fork" or not find_spec("gevent"):
        return
    run = script(WAITS, hangs_after="locked")
    assert (run.stdout, run.status) == ("locked\n", None)


def _wait(reader: Connection) -> None:
    with suppress(EOFError):
        reader.recv()


def a_forked_child_keeps_it() -> None:
    """A child that the job, or a request in the same worker, makes by a fork inherits the locked
    file, and keeps the lock until it has ended as well.
    """
    with TemporaryDirectory() as folder, open(Path(folder, "job.lock"), "a") as again:
        with open(Path(folder, "job.lock"), "a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            reader, writer = Pipe(duplex=False)
            child = Process(target=_wait, args=(reader,))
            child.start()
        if get_start_method() == "fork":
            with raises(BlockingIOError):
                fcntl.flock(again, fcntl.LOCK_EX | fcntl.LOCK_NB)
        writer.send("end")
        child.join()
        fcntl.flock(again, fcntl.LOCK_EX | fcntl.LOCK_NB)


def an_error_in_the_job() -> None:
    """An error that the job does not catch ends its thread and releases the lock. After one such
    error in each worker, no worker runs the job.
    """
    failed = []
    with TemporaryDirectory() as folder, open(Path(folder, "job.lock"), "a") as again:

        def job() -> None:
            try:
                with open(Path(folder, "job.lock"), "a") as file:
                    fcntl.flock(file, fcntl.LOCK_EX)
                    raise ValueError
            except ValueError as error:  # else the thread would print it, and end as well
                failed.append(error)

        for _ in range(2):
            worker = Thread(target=job)
            worker.start()
            worker.join()
            fcntl.flock(again, fcntl.LOCK_EX | fcntl.LOCK_NB)
            fcntl.flock(again, fcntl.LOCK_UN)
    assert len(failed) == 2


def no_threads_in_a_fork() -> None:
    """With `--preload`, the thread would run in the main process alone: a fork copies no
    threads.
    """
    if get_start_method() == "fork":
        assert _imported("--preload") == {"True-0"}


def inherited_handlers() -> None:
    """A child that a worker makes by a fork inherits the worker's signal handlers. Gunicorn's
    handler for SIGTERM only notes that the worker is to end, so `terminate()` has no effect on the
    child:
    """
    shown("gunicorn/child_goes_on", "terminate() has ended the child: False")


POOL = """
import multiprocessing as mp, threading
fork = mp.get_context("fork")
running, left = fork.Event(), threading.Event()
def task():
    running.set()
    threading.Event().wait()
def leave(pool):
    with pool:
        pass
    left.set()
def app(environ, start_response):
    pool = fork.Pool(1)
    pool.apply_async(task)
    running.wait()
    threading.Thread(target=leave, args=(pool,), daemon=True).start()
    start_response("200 OK", [])
    child = mp.active_children()[0]
    return [f"{left.wait(SURE)} {child.pid} {environ['SERVER_PORT']}".encode()]
"""


def the_end_of_a_pool() -> None:
    """The end of a `with Pool()` block can wait forever, or until Gunicorn kills the worker, also
    if all tasks are done: call `pool.close()` and `pool.join()` before, in a `finally`.
    """
    from tests.claims import killed_worker

    if get_start_method() == "fork":
        hangs = script(killed_worker.ALL_DONE.format(before=""), hangs_after="7\n")
        closes = "begun.set(); pool.close(); pool.join()"
        ends = script(killed_worker.ALL_DONE.format(before=closes))
        assert (hangs.stdout, hangs.status) == ("7\n", None)
        assert (ends.stdout, ends.status) == ("7\nended\n", 0)


def a_child_that_goes_on() -> None:
    """When the server stops, a daemon that is still running keeps its worker from ending. Gunicorn
    kills the worker after `--graceful-timeout`, and the daemon goes on. It has inherited the
    server's socket, so the next start reports `Connection in use`.
    """
    if get_start_method() != "fork":
        return
    with TemporaryDirectory() as folder:
        Path(folder, "pooled.py").write_text(POOL.replace("SURE", str(SURE)))
        options = ["--workers", "1", "--graceful-timeout", "1", "--pythonpath", folder]
        with server.gunicorn(*options, "pooled:app") as ask:
            ended, child, port = ask()
    with raises(OSError, text="in use"):
        socket.create_server(("127.0.0.1", int(port)))
    os.kill(int(child), signal.SIGKILL)
    assert ended == "False"


def _default_first(handled: SharedEvent) -> None:
    signal.raise_signal(signal.SIGTERM)  # as from terminate()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    handled.set()
    Event().wait()


def the_default_first() -> None:
    """Start such processes with a context for `spawn` or `forkserver`, or call
    `signal.signal(signal.SIGTERM, signal.SIG_DFL)` first in the function that the child runs.
    A `terminate()` before that call still has no effect on a forked child.
    """
    shown("gunicorn/child_goes_on", "terminate() has ended the child: True")
    if get_start_method() == "fork":
        signal.signal(signal.SIGTERM, lambda *_: None)
        handled = multiprocessing.Event()
        child = Process(target=_default_first, args=(handled,), daemon=True)
        child.start()
        assert handled.wait(30)
        child.terminate()
        child.join()
        assert child.exitcode == -signal.SIGTERM


def introductions() -> None:
    """But:

    So under `fork`:

    In production, start it by the command alone:
    """
    no_fact("introductions and advice")


def versions() -> None:
    """Run with Gunicorn 27.0.1, a server for Unix: it does not run on Windows."""
    from importlib.metadata import version

    assert version("gunicorn") == "27.0.1"


BIG = """
import os
from pathlib import Path

big = bytearray(b"x") * 2**26


def app(environ, start_response):
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    found = dict(line.split(":") for line in lines[1:])
    answer = [found[name].split()[0] for name in ("Rss", "Pss")]
    start_response("200 OK", [])
    return [" ".join(answer).encode()]
"""


def preloaded_memory() -> None:
    """A large object that is only read, such as a model, is in memory once with `--preload`, under
    the worker classes `sync`, `gthread` and `gevent` alike.

    `top` shows it in the RSS of each worker all the same: look at the PSS.
    """
    if sys.platform != "linux" or get_start_method() != "fork":
        return  # Gunicorn's own forks, checked once
    kinds = ["sync", "gthread", *(["gevent"] if find_spec("gevent") else [])]
    with TemporaryDirectory() as folder:
        Path(folder, "big.py").write_text(BIG, "utf-8")
        for kind in kinds:
            for options, shared in (["--preload"], True), ([], False):
                given = ["--worker-class", kind, "--pythonpath", folder, *options, "big:app"]
                with server.gunicorn(*given) as ask:
                    rss, pss = map(int, ask())
                assert rss > 2**16, (kind, rss)  # kilobytes
                assert (pss < 2**16) == shared, (kind, options, pss)


def read_in_a_worker() -> None:
    """Python objects such as a list of strings are copied when a worker reads them; an array is
    not.
    """
    shown("memory-grows/list_read", "Output")
    shown("memory-grows/array_read", "Output")


def patched_late() -> None:
    """With `gevent` and `--preload`, the standard library is patched after the application is
    loaded: call `gevent.monkey.patch_all()` at the top of the application.
    """
    no_fact("advice; what is linked is the reason")


def what_takes_so_long() -> None:
    """Otherwise, look whether memory ran out.

    Find out what takes so long: a request that computes, a wait for a lock or for a pool, or an
    import of the application that loads a big model. The stack of the worker shows it. Then hand
    long work to other processes, load the model once with `--preload`, or raise `--timeout`.
    """
    no_fact("advice")


def children_of_a_killed_worker() -> None:
    """Let each child end with its parent."""
    no_fact("advice; the page that is linked proves it")
