"""What docs/frameworks/uvicorn.md says."""

import os
import signal
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from importlib import import_module
from importlib.metadata import version
from multiprocessing import Pool, get_start_method
from multiprocessing.managers import RemoteError
from pathlib import Path
from subprocess import DEVNULL, PIPE, STDOUT, Popen, TimeoutExpired, run
from tempfile import TemporaryDirectory
from time import sleep

from tests.claims import PAUSE, ROOT, SURE, TIME_LIMIT, no_fact, on, raises, shown

PROGRAMS = ROOT / "examples" / "uvicorn"
sys.path.append(str(PROGRAMS))
server = import_module("_server")
APPLICATION = f"""
import os, sys, multiprocessing as mp
sys.path.append({str(PROGRAMS)!r})
from _server import reply
outcome = 'complete'
SOURCE
async def app(scope, receive, send):
    if scope['type'] == 'lifespan':
        await receive()
        await send({{'type': 'lifespan.startup.' + outcome}})
        await receive()
        await send({{'type': 'lifespan.shutdown.complete'}})
    else:
        await reply(send, os.getpid(), os.getppid(), answer())
"""


def _answers(source: str, needed: int, *options: str, stop: int = 0) -> dict[str, str]:
    """What that many workers answer that import an application with these lines, by worker.

    Each worker gets the signal `stop` after its answer; if the signal is SIGHUP, their parent,
    which is killed at the end: then a worker must answer all the same.
    """
    with TemporaryDirectory() as folder:
        Path(folder, "made_up.py").write_text(APPLICATION.replace("SOURCE", source))
        answers: dict[str, str] = {}
        with server.uvicorn("--app-dir", folder, *options, "made_up:app") as ask:
            while len(answers) < needed:
                worker, parent, answer = ask()
                new = worker not in answers
                answers.setdefault(worker, answer)
                if new and stop == signal.SIGKILL:
                    os.kill(int(worker), stop)
                if new and stop == signal.SIGHUP and len(answers) == 2:
                    os.kill(int(parent), stop)
            if stop == signal.SIGHUP:
                os.kill(int(parent), signal.SIGKILL)
                while ask()[1] == parent:
                    pass
        return answers


def nothing_is_shared() -> None:
    """Each Uvicorn worker is started by `spawn` and imports the application itself, so nothing that
    was made before is shared: keep the state in a manager or another server beside Uvicorn.

    Silent. No error. A global, or an attribute of `app.state`, that one request has changed is as
    before in the next request, or jumps back and forth.

    Both workers count, each in a `count` of its own.
    """
    shown("uvicorn/global_differs", "one worker counts all: False\ntogether they do: True")
    shown("uvicorn/counted_beside", "each worker counts all: True")


def frameworks() -> None:
    """This holds for FastAPI and Starlette, too.

    For a large model, see how workers share it.
    """
    no_fact("they are applications that a worker imports, like those of the programs")


def one_worker() -> None:
    """With one worker, as in development, it works."""
    options = ["--lifespan", "off", "--workers", "1"]
    with server.uvicorn(*options, "global_differs:app") as ask:
        assert [int(ask()[1]) for _ in range(3)] == [1, 2, 3]


def a_function_beside_them() -> None:
    """The programs on this page start the server by `uvicorn`, a function in a file beside them.

    `_server.py` runs `python -m uvicorn --workers 2`, with the options that a program names. It
    opens the port itself and hands it over with `--fd`, so the first question waits until the
    server is ready.
    """
    text = (PROGRAMS / "_server.py").read_text("utf-8")
    assert '"-m", "uvicorn", "--workers", "2"' in text
    assert 'create_server(("127.0.0.1", 0))' in text
    assert '"--fd", str(fd), *options' in text


def by_its_name() -> None:
    """A worker gets the name of the application, such as `main:app`, and imports it. So a `Value`
    or a lock that is made at import is another one in each worker, and Uvicorn has no option like
    Gunicorn's `--preload`.
    """
    source = "maker, count = os.getpid(), mp.Value('q')\n" + (
        "def answer():\n    count.value += 1\n    return f'{maker == os.getpid()}-{count.value}'"
    )
    assert set(_answers(source, 2).values()) == {"True-1"}
    options = run([sys.executable, "-m", "uvicorn", "--help"], capture_output=True, text=True)
    assert "--workers" in options.stdout
    assert "--preload" not in options.stdout


def counted_beside() -> None:
    """The `counter` is an object in the manager's process. Its method `add` holds a lock while it
    counts. Each worker connects to the manager by the address and the key that it finds in its
    environment. A call of the proxy blocks, so a thread makes it, and the event loop goes on.

    Each worker is killed after its first answer. The worker that replaces one goes on with the same
    number, because it is in the manager.
    """
    assert "with self.lock" in (PROGRAMS / "_counter.py").read_text("utf-8")
    shown(
        "uvicorn/counted_beside",
        'os.environ["COUNTER"].split(maxsplit=1)',
        "asyncio.to_thread(",
        "signal.SIGKILL",
        "each worker counts all: True",
    )


def lost_with_the_manager() -> None:
    """It is lost when the manager ends.

    If the manager itself is started again, restart Uvicorn, too: the proxies that the workers keep
    raise errors from then on, even if address and key are the same.
    """
    counter = import_module("counted_beside")
    with TemporaryDirectory() as folder:
        address = str(Path(folder, "socket"))
        with counter.Manager(address, b"key"):
            os.environ["COUNTER"] = f"key {address}"
            assert counter.connected().add() == 1
        with counter.Manager(address, b"key") as manager:
            for _ in range(2):
                with raises(OSError, EOFError):
                    counter.connected().add()
            with ThreadPoolExecutor(1) as thread, raises(RemoteError, KeyError, AttributeError):
                thread.submit(counter.connected().add).result()
            assert manager.counter().add() == 1


def in_production() -> None:
    """In production, start the manager as a program of its own, before Uvicorn: then it also
    survives a restart of Uvicorn. A custom object on a server has a cache and a rate limiter. Web
    server workers compares other places for the state.

    In production, start it by the command alone:
    """
    no_fact("advice; the pages that are linked prove it")


def what_the_task_finds() -> None:
    """An endpoint that reads what the task has found needs it in its own process: with several
    workers, let the task write it where all of them can read, such as the manager above.
    """
    shown("uvicorn/global_differs", "one worker counts all: False")
    shown("uvicorn/counted_beside", 'Manager.register("counter", counter)')


def the_lock() -> None:
    """Let the workers compete for a file lock: the one that has it runs the job.

    The system releases the lock when the process ends, however it ends. Then a waiting worker gets
    it. Two things can go wrong: a forked child keeps the lock, and an error ends the job. In
    FastAPI, start the thread in your `lifespan` function, before its `yield`.
    """
    shown(
        "uvicorn/job_once",
        "fcntl.flock(file, fcntl.LOCK_EX)",
        "signal.SIGKILL",
        "After its worker is killed, another one runs the job",
    )


def a_pool() -> None:
    """Make the pool in the lifespan, and await its results, so that the worker can answer other
    requests meanwhile:

    Each Uvicorn worker has a pool of its own: with 4 workers and pools of 4, there are up to 16
    processes beside the workers.
    """
    shown("uvicorn/pool_in_endpoint", "await task", "sum of squares: 332833500")


BROKEN = """
import signal
from concurrent.futures import ProcessPoolExecutor
from pool_in_endpoint import watch_parent
def watching():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    watch_parent()
spawn = mp.get_context("spawn")
pool, watched = ProcessPoolExecutor(1, spawn), ProcessPoolExecutor(1, spawn, watching)
def error(*task):
    try:
        pool.submit(*task).result()
    except Exception as error:
        return type(error).__name__
def answer():
    return f"{watched.submit(os.getpid).result()}-{error(os._exit, 1)}-{error(abs, 1)}"
"""

CHILD = """
import atexit, signal
atexit.register(lambda: open(AT_EXIT, "w").close())
from threading import Event
def wait(): Event().wait()
def ended(method):
    child = mp.get_context(method).Process(target=wait, daemon=True)
    child.start()
    child.terminate()
    if method == "fork":
        os.kill(child.pid, signal.SIGINT)
    child.join(2)
    seen = not child.is_alive()
    child.kill()
    child.join()
    return seen
def answer():
    return f"{ended('fork')}-{ended('spawn')}"
"""


WAITS = f"""
import multiprocessing as mp
import os, sys
from pathlib import Path
sys.path.append({str(PROGRAMS)!r})
from threading import Event
from _server import reply
def wait(): Event().wait()
async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        mp.get_context("spawn").Process(target=wait).start()
        await send({{"type": "lifespan.startup.complete"}})
        await receive()
        Path(__file__).with_name(f"ended {{os.getpid()}}").touch()
        await send({{"type": "lifespan.shutdown.complete"}})
    else:
        await reply(send, os.getpid(), os.getppid())
"""


def without_a_signal() -> None:
    """A worker that reaches `--limit-max-requests` gets no signal. At its end, it waits for a child
    that is not a daemon, and meanwhile it answers no request, and Uvicorn does not replace it.
    """
    if get_start_method() == "fork":
        with TemporaryDirectory() as folder:
            Path(folder, "waits.py").write_text(WAITS)
            options = ["--app-dir", folder, "--limit-max-requests", "1", "waits:app"]
            with server.uvicorn(*options) as ask:
                workers: dict[str, str] = {}
                for number in 1, 2:
                    workers.update([ask()])
                    _files(folder, "ended *", number)
                sleep(4 * SURE)  # without the child, they end within half of this
                assert len(workers) == 2
                assert all(_runs(int(worker)) for worker in workers)
                os.killpg(int(workers.popitem()[1]), signal.SIGKILL)


LEAVES = """
import multiprocessing as mp
from pathlib import Path
from threading import Event
def wait(): Event().wait()
async def app(scope, receive, send):
    await receive()
    child = mp.get_context("spawn").Process(target=wait, daemon=True)
    child.start()
    await send({"type": "lifespan.startup.complete"})
    Path(__file__).with_name(f"started {child.pid}").touch()
    await receive()
    await send({"type": "lifespan.shutdown.complete"})
"""


def broken() -> None:
    """If a process of the pool is killed, the pool is broken, and each later request to this
    Uvicorn worker fails. Make a new pool, or end the worker, and Uvicorn starts another one.

    If a Uvicorn worker is killed, the processes of its pool would wait forever. `watch_parent` ends
    them.
    """
    shown("uvicorn/pool_in_endpoint", "ProcessPoolExecutor(1, spawn, watch_parent)")
    if get_start_method() == "fork":
        (seen,) = _answers(BROKEN, 1, stop=signal.SIGKILL).values()
        watched, *errors = seen.split("-")
        assert errors == ["BrokenProcessPool", "BrokenProcessPool"]
        while _runs(int(watched)):
            sleep(PAUSE)


def _runs(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text("utf-8")
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def a_child_goes_on() -> None:
    """A child that is made by a fork inherits Uvicorn's handlers for SIGTERM and SIGINT, so
    `terminate()` and Ctrl-C have no effect on it. Use a context for `spawn` or `forkserver`;
    Gunicorn has the same trap.

    So a pool or a child that the lifespan does not end goes on, even if it is a daemon. In some
    releases of Python, such as 3.13.5, Uvicorn itself then hangs at its end, after `Stopping parent
    process`.
    """
    if get_start_method() == "fork":
        with TemporaryDirectory() as folder:
            at_exit = Path(folder, "at_exit")
            source = CHILD.replace("AT_EXIT", repr(str(at_exit)))
            assert set(_answers(source, 1).values()) == {"False-True"}
            assert not at_exit.exists()
        with TemporaryDirectory() as folder:
            Path(folder, "leaving.py").write_text(LEAVES)
            command = [sys.executable, "-m", "uvicorn", "--workers", "2", "--port", "0"]
            command += ["--app-dir", folder, "leaving:app"]
            with Popen(command, stderr=PIPE, text=True, start_new_session=True) as main:
                assert main.stderr is not None
                started = _files(folder, "started *", 2)
                main.terminate()
                while "Stopping parent process" not in main.stderr.readline():
                    assert main.poll() is None
                if on("Python 3.13.5"):
                    with raises(TimeoutExpired):
                        main.wait(SURE)
                elif on("Python 3.11 and 3.13.14 to 3.13 and 3.14.5 and later"):
                    assert main.wait(TIME_LIMIT) == 0
                for path in started:
                    child = int(path.name.split()[1])
                    assert _runs(child)
                    os.kill(child, signal.SIGKILL)
                assert main.wait(TIME_LIMIT) == 0


REPLACED = "made = []\ndef answer():\n    made.append(1)\n    return len(made)"


def what_survives() -> None:
    """a worker is killed, and replaced | the manager's state, files, databases

    `kill -HUP`, which replaces the workers one by one | the same

    the manager ends | files, databases

    The globals of a worker, and the memory of its pool, are lost when the worker ends. If the main
    process of Uvicorn is killed, its workers go on and keep the port.
    """
    if get_start_method() == "fork":
        assert set(_answers(REPLACED, 3, stop=signal.SIGKILL).values()) == {"1"}
        assert set(_answers(REPLACED, 4, stop=signal.SIGHUP).values()) == {"1"}
    shown("uvicorn/counted_beside", "each worker counts all: True")


NEW_CODE = """
from pathlib import Path
from threading import Event
if Path("block").exists():
    Path("new").write_text(f"{os.getpid()} ")
    Event().wait()
def answer():
    return Path.cwd().name
"""


def old_code() -> None:
    """After `kill -HUP`, each new worker must serve within the limit of
    `--timeout-worker-healthcheck`, by default 5 seconds. If one does not, because its imports or
    its lifespan take longer or fail, Uvicorn keeps the old workers that it has not yet replaced,
    with the old code, and only the log says so.
    """
    if get_start_method() == "fork":
        for blocks in "Event().wait()", "raise LookupError", "outcome = 'failed'":
            assert _kept_by_hup(NEW_CODE.replace("Event().wait()", blocks))


def _kept_by_hup(source: str) -> bool:
    """Whether an old worker answers after its replacement could not start."""
    with TemporaryDirectory() as folder:
        new, block = Path(folder, "new"), Path(folder, "block")
        source = source.replace('"new"', repr(str(new))).replace('"block"', repr(str(block)))
        Path(folder, "made_up.py").write_text(APPLICATION.replace("SOURCE", source))
        options = ["--app-dir", folder, "--timeout-worker-healthcheck", "5", "made_up:app"]
        with server.uvicorn(*options) as ask:
            old: set[str] = set()
            while len(old) < 2:
                worker, parent, _ = ask()
                old.add(worker)
            block.touch()
            os.kill(int(parent), signal.SIGHUP)
            while not new.exists() or " " not in new.read_text():
                sleep(PAUSE)
            while _runs(int(new.read_text())):
                sleep(PAUSE)
            return ask()[:2] in [[worker, parent] for worker in old]


LIFESPAN = """
import os
from pathlib import Path
FOLDER = Path(__file__).parent
if FOLDER.joinpath("fails at import").exists():
    FOLDER.joinpath(f"tried {os.getpid()}").touch()
    raise LookupError
async def app(scope, receive, send):
    await receive()
    if FOLDER.joinpath("fails in the lifespan").exists():
        await send({"type": "lifespan.startup.failed"})
        return
    FOLDER.joinpath(f"started {os.getpid()}").touch()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})
"""


def a_start_that_fails() -> None:
    """If the lifespan of a worker fails at the start of the server, or of a worker that replaces
    one that died, Uvicorn ends the whole server, with exit status 0, even if the other workers are
    well. So connect to the manager at the first request, as `connected` above, and not in the
    lifespan. If the import of the application fails, Uvicorn starts the worker again and again.
    """
    shown("uvicorn/counted_beside", "asyncio.to_thread(lambda: connected().add())")
    if get_start_method() == "fork":
        for fault in "fails in the lifespan", "fails at import":
            with TemporaryDirectory() as folder:
                Path(folder, "failing.py").write_text(LIFESPAN)
                command = [*server.COMMAND, "--app-dir", folder, "--port", "0", "failing:app"]
                with Popen(command, stderr=DEVNULL, start_new_session=True) as main:
                    started = _files(folder, "started *", 2)
                    Path(folder, fault).touch()
                    os.kill(int(started[0].name.split()[1]), signal.SIGKILL)
                    if fault == "fails at import":
                        _files(folder, "tried *", 3)
                        assert main.poll() is None
                        main.terminate()
                    assert main.wait() == 0


def _files(folder: str, pattern: str, needed: int) -> list[Path]:
    """The files of a folder, once there are that many."""
    while len(found := list(Path(folder).glob(pattern))) < needed:
        sleep(PAUSE)
    return found


SCRIPT = """
import os, time, uvicorn
def note(place):
    with open("started", "a") as file:
        file.write(place + " ")
if __name__ == "__mp_main__" and not os.path.exists("started"):
    note("script")
    time.sleep(60)  # a slow import
if __name__ == "__main__":
    uvicorn.run("made_up:app", workers=2, port=0)  # a shorter limit would be a race
elif __name__ == "made_up":
    import ctypes
    note("application")
    ctypes.PyDLL(None).sleep(60)  # holds the GIL
"""


def silent_workers() -> None:
    """Uvicorn also kills and replaces a worker that does not answer its question for 5 seconds.
    `--timeout-worker-healthcheck` sets another limit. If imports at the top of a script that calls
    `uvicorn.run()` last longer than this limit times the number of workers, each worker is killed
    before it can start, again and again; and so it is if it holds the GIL that long while it
    imports the application.
    """
    assert import_module("uvicorn").Config("main:app").timeout_worker_healthcheck == 5
    if get_start_method() == "fork":
        with TemporaryDirectory() as folder:
            Path(folder, "made_up.py").write_text(SCRIPT)
            started = Path(folder, "started")
            command = [sys.executable, "made_up.py"]
            with Popen(command, cwd=folder, stderr=DEVNULL, start_new_session=True) as main:
                while not started.exists() or started.read_text().count("application") < 3:
                    assert main.poll() is None
                    sleep(PAUSE)
                os.killpg(main.pid, signal.SIGKILL)
            assert "script" in started.read_text()


def versions() -> None:
    """Run with Uvicorn 0.54.0, on Linux."""
    assert version("uvicorn") == "0.54.0"


def two_ways_out() -> None:
    """There are two ways out:

    A worker can send only to the clients that are connected to it.
    """
    no_fact("an introduction; a socket belongs to a process")


def one_port() -> None:
    """Uvicorn itself has none: its workers share one port."""
    shown("uvicorn/global_differs", "one worker counts all: False")


class _Stop(Exception):
    """What a handler raises to end a worker, and does not."""


def _raise_stop(signum: int, frame: object) -> None:
    raise _Stop


def _handle_sigterm() -> None:
    signal.signal(signal.SIGTERM, _raise_stop)


def _exit_at_sigterm() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


def _pid_or_sigterm(stopped: bool) -> int:
    if stopped:
        signal.raise_signal(signal.SIGTERM)
    return os.getpid()


def a_handler_that_raises() -> None:
    """Do not let a signal handler raise an exception to stop a worker of the pool. In a task, an
    executor takes it for the error of this task, and so does a `Pool` if it is an `Exception`: the
    caller gets it, and the worker goes on, so `terminate()` and the end of the pool's `with` block
    can wait forever. Reset the signal in the pool's initializer, and ask a long task to stop by an
    Event.
    """
    if sys.platform != "win32":
        with Pool(1, _handle_sigterm) as pool:
            worker = pool.apply(_pid_or_sigterm, (False,))
            with raises(_Stop):
                pool.apply(_pid_or_sigterm, (True,))
            assert pool.apply(_pid_or_sigterm, (False,)) == worker
            pool.close()
            pool.join()
        for handle, error in (_handle_sigterm, _Stop), (_exit_at_sigterm, SystemExit):
            with ProcessPoolExecutor(1, initializer=handle) as executor:
                worker = executor.submit(_pid_or_sigterm, False).result()
                with raises(error):
                    executor.submit(_pid_or_sigterm, True).result()
                assert executor.submit(_pid_or_sigterm, False).result() == worker
    shown("killed-worker/sigterm_reset", "signal.SIG_DFL")


IN_A_SCRIPT = """
import uvicorn

async def app(scope, receive, send):
    pass

LINES
"""


def _from_a_script(lines: str, until: str, times: int) -> tuple[str, int | None]:
    """What a script that starts Uvicorn writes until it ends or has written that so often."""
    with TemporaryDirectory() as folder:
        options = "port=0, lifespan='off', workers=2"
        source = IN_A_SCRIPT.replace("LINES", lines.replace("OPTIONS", options))
        Path(folder, "program.py").write_text(source)
        command = [sys.executable, "program.py"]
        told = ""
        with Popen(
            command, cwd=folder, stderr=STDOUT, stdout=PIPE, text=True, process_group=0
        ) as started:
            assert started.stdout is not None
            for line in started.stdout:
                told += line
                if until in line and told.count(until) == times:
                    os.killpg(started.pid, signal.SIGKILL)
            return told, started.wait()


def from_a_script() -> None:
    """To start it from a script of your own, such as `main.py`, call `uvicorn.run` with
    `"main:app"` and `workers=2`, under the main guard. With the object `app` in place of the
    string, Uvicorn ends with `You must pass the application as an import string to enable 'reload'
    or 'workers'`. Without the guard, each worker ends with the `RuntimeError` about the
    bootstrapping phase, and Uvicorn starts it again, without end.
    """
    if sys.platform != "linux" or get_start_method() != "spawn":
        return
    object_itself = "if __name__ == '__main__':\n    uvicorn.run(app, OPTIONS)"
    told, status = _from_a_script(object_itself, "no such line", 1)
    assert "You must pass the application as an import string to enable 'reload' or" in told
    assert status
    phase = "finished its bootstrapping phase"
    told, status = _from_a_script("uvicorn.run('program:app', OPTIONS)", phase, 3)
    assert "RuntimeError" in told
    assert status == -signal.SIGKILL  # three workers: one was started again
    guarded = "if __name__ == '__main__':\n    uvicorn.run('program:app', OPTIONS)"
    told, status = _from_a_script(guarded, "Started server process [", 2)
    assert "RuntimeError" not in told
