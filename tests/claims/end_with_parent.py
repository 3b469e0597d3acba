"""What docs/examples/end-with-parent.md says."""

import os
import signal
import sys
import tempfile
from collections.abc import Callable
from multiprocessing import Pipe, Process, get_start_method, parent_process
from multiprocessing.connection import Connection
from multiprocessing.managers import SyncManager
from pathlib import Path
from subprocess import PIPE, Popen
from threading import Event, Thread

from tests.claims import PAUSE, SURE, TIME_LIMIT, changed, ctrl_c, no_fact, on, script, shown

kept: Connection  # of a manager's process: closed when that ends


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent
    parent.join()
    os._exit(1)


def _watch_parent(alive: Connection, folder: str) -> None:
    global kept
    kept = alive
    tempfile.tempdir = folder
    Thread(target=_end_with_parent, daemon=True).start()


def _start_a_manager(alive: Connection, folder: str) -> None:
    tempfile.tempdir = folder
    manager = SyncManager()
    manager.start(_watch_parent, (alive, folder))
    alive.send("started")
    alive.close()
    signal.pause()


def _hold(stop: Connection, stopper: Connection, line: Connection, closes: bool) -> None:
    if closes:
        stopper.close()
    line.send("started")
    while not stop.poll(PAUSE) and not line.poll():
        pass
    line.send("ended")


def _die_with_parent(line: Connection) -> None:
    import ctypes

    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    line.send(os.getppid())
    line.poll(None)


def _start_one(line: Connection, may_end: Event) -> None:
    Process(target=_die_with_parent, args=(line,)).start()
    line.close()
    assert may_end.wait(TIME_LIMIT)


def _tell_parents(line: Connection) -> None:
    parent = parent_process()
    assert parent
    line.send((os.getppid(), parent.pid))


def _ignore_sigterm(line: Connection) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    line.send("started")
    line.poll(None)


def either_way() -> None:
    """Let the parent kill its workers when it gets SIGTERM, and let a thread in each worker wait
    for the end of the parent, for the case that the parent itself is killed. Then no worker is left
    over, under each start method. The last section says why the death signal of Linux is not
    enough.

    The handler raises `SystemExit` instead, so that the `finally` kills the workers.

    `raise_signal` stands for `docker stop`.

    Here the program kills a parent of three workers. `recv()` raises `EOFError` when no process has
    the other end of the pipe, so when all workers have ended:
    """
    shown("end-with-parent/terminated", "sys.exit(", "worker.kill()", "alive: 0", "terminated")
    shown("end-with-parent/terminated", "raise_signal(signal.SIGTERM)  # as docker stop")
    shown("end-with-parent/killed", "parent.kill()", "except EOFError", "all workers have ended")
    shown("end-with-parent/death_signal", "the worker has ended: False")


def advice() -> None:
    """Leave that line out of your program.

    Do not compare `os.getppid()` with 1.

    So start the workers in the main thread.

    So use it in addition to the thread, not instead of it.
    """
    no_fact("advice")


def kill_ends_it() -> None:
    """`kill()` also ends a worker that is stopped, or that ignores SIGTERM. A `terminate()` in its
    place would let a worker go on that does one of these.
    """
    if sys.platform == "win32":
        return
    line, end = Pipe()
    worker = Process(target=_ignore_sigterm, args=(end,))
    worker.start()
    assert line.recv() == "started" and worker.pid
    worker.terminate()
    worker.join(SURE)
    assert worker.is_alive()
    os.kill(worker.pid, signal.SIGSTOP)
    worker.terminate()
    worker.join(SURE)
    assert worker.is_alive()
    worker.kill()
    worker.join()
    assert worker.exitcode == -signal.SIGKILL


def what_it_does() -> None:
    """Against SIGKILL, daemons do not help.

    `daemon=True` is for what the `finally` does not know: a process that is started at the
    moment at which the signal comes. Python terminates it at exit, or if the signal came in the
    middle of the fork, the thread ends it.

    The worker ignores Ctrl-C, which ends the parent; see Ctrl-C. It resets SIGTERM, because under
    `fork` it inherits the parent's handler.
    """
    from tests.claims._forks import is_left, watch_parent

    shown(
        "end-with-parent/terminated",
        "daemon=True",
        "SIGINT, signal.SIG_IGN",
        "SIGTERM, signal.SIG_DFL",
    )
    shown("claims/daemon_outlives", "daemon=True", "daemon: the daemon is still running")
    place = "            workers.append(worker)\n"
    outcome = script(
        changed("end-with-parent/terminated", (place, place + "            workers.clear()\n"))
    )
    if sys.platform != "win32":
        assert (outcome.status, outcome.stdout) == (1, "alive: 0\n")
        assert outcome.stderr == "terminated\n"
    if get_start_method() == "fork":
        assert is_left(_start_a_daemon)
        assert not is_left(_start_a_daemon, watch_parent)


def _start_a_daemon(watch: Callable[[], None] | None) -> None:
    from tests.claims._forks import interrupt_the_next_fork

    interrupt_the_next_fork()
    Process(target=_watch_and_work, args=(watch,), daemon=True).start()


def _watch_and_work(watch: Callable[[], None] | None) -> None:
    if watch:
        watch()
    signal.pause()


def the_join_returns() -> None:
    """`parent_process().join()` returns when the parent has ended, even if it was killed.
    `os._exit` then ends the worker in the middle of its work, without a `finally`.
    """
    shown("end-with-parent/killed", "parent_process().join()\n    os._exit(1)", "sleep(60)")
    shown("end-with-parent/killed", "all workers have ended")


def a_worker_ends() -> None:
    """If a worker ends, for whatever reason, the program kills the others and ends with exit status
    1. It waits for a worker that is stopped: set a time limit.
    """
    shown("end-with-parent/terminated", "        wait([worker.sentinel for worker in workers])")
    sends = "        signal.raise_signal(signal.SIGTERM)  # as docker stop\n"
    work = "    sleep(60)  # the measurement takes long"
    for fault, told in [
        ("sys.exit(3)", "a worker has ended\n"),
        ("os.kill(os.getpid(), signal.SIGTERM)", "a worker has ended\n"),
        ("raise ValueError", "a worker has ended\n"),
    ]:
        outcome = script(changed("end-with-parent/terminated", (sends, ""), (work, f"    {fault}")))
        assert (outcome.status, outcome.stdout) == (1, "alive: 0\n")
        assert outcome.stderr.endswith(told)


def who_the_parent_is() -> None:
    """A process whose parent has ended can get another parent than init, and under `forkserver`,
    the parent in the eyes of the system is the fork server, not your program. `parent_process()`
    is your program under each start method.
    """
    line, end = Pipe()
    worker = Process(target=_tell_parents, args=(end,))
    worker.start()
    of_system, of_python = line.recv()
    worker.join()
    assert of_python == os.getpid()
    is_server = get_start_method() == "forkserver"
    assert is_server == (of_system != of_python) or sys.platform == "win32"


def one_after_the_other() -> None:
    """Under `fork`, the workers end one after the other, the last one first, because each holds
    the pipe by which the earlier ones notice. A worker that is stopped, or another process without
    the thread, keeps the earlier ones waiting. Under `forkserver` and `spawn`, each ends alone.
    """

    assert ctrl_c._waits_for_a_later_worker() == (get_start_method() == "fork")


def the_gil() -> None:
    """A thread can run only if the worker lets it: C code that holds the GIL for long delays the
    end.

    This needs no thread, and works while C code holds the GIL. macOS and Windows do not have it.
    """
    no_fact("what the GIL is, and what prctl is")


def for_a_manager() -> None:
    """For a pool or an executor, pass a function that starts the thread as `initializer`. For a
    manager, pass it to `start`: `manager = SyncManager()`, then `manager.start(watch_parent)`.

    A folder `pymp-...` with the socket of the fork server or of a manager stays in the temporary
    directory.
    """
    if sys.platform == "win32":
        return
    receiver, alive = Pipe(duplex=False)
    with tempfile.TemporaryDirectory() as folder:
        parent = Process(target=_start_a_manager, args=(alive, folder))
        parent.start()
        alive.close()
        assert receiver.recv() == "started"
        parent.kill()
        parent.join()
        assert receiver.poll(TIME_LIMIT)  # the manager has ended
        assert get_start_method() == "forkserver" or list(Path(folder).glob("pymp-*"))


LEFT = """
from multiprocessing import Pipe, Process, parent_process
from threading import Event

def wait():
    Event().wait()

def work(line):
    Process(target=wait).start()
    line.send("started")
    Event().wait()

if __name__ == "__main__":
    line, end = Pipe()
    worker = Process(target=work, args=(end,))
    worker.start()
    line.recv()
    worker.kill()
    worker.join()
    print("the end", flush=True)
"""


def what_stays() -> None:
    """The fork server and the resource tracker end when your program and all workers have ended.

    In some releases, such as Python 3.13.5, a program that has a tracker waits for it at its end,
    and so for every process that a killed worker has left.
    """
    if get_start_method() != "fork" and on("Python 3.13.5"):
        assert script(LEFT, hangs_after="the end").status is None
        assert script(LEFT.replace("Event().wait()", "parent_process().join()")).status == 0
    if get_start_method() != "forkserver":
        return
    with tempfile.TemporaryDirectory() as folder:
        outcome = script(
            "import os, signal, tempfile\nfrom multiprocessing import Process\n"
            f"tempfile.tempdir = {folder!r}\nif __name__ == '__main__':\n"
            "    process = Process(target=int); process.start(); process.join()\n"
            "    os.kill(os.getpid(), signal.SIGKILL)\n"
        )
        assert outcome.status == -signal.SIGKILL
        assert list(Path(folder).glob("pymp-*/*"))


def clean_up_first() -> None:
    """A worker that must close files or tell others does not let a thread end it. It ignores Ctrl-C
    and SIGTERM, which a terminal and systemd send to it, too, and looks at a pipe between two
    steps of its work. On Linux and macOS, `poll` returns `True` when the parent has closed the
    other end, and also when the parent has been killed; on Windows, it can raise `BrokenPipeError`
    instead:
    """
    shown("end-with-parent/cleaned_up", "while not stop.poll(0.01):", "stopper.close()")
    shown("end-with-parent/cleaned_up", "SIGTERM cleaned up\nSIGKILL cleaned up")
    sends = '    report.send("measuring")\n'
    signals = "".join(f"    signal.raise_signal(signal.{name})\n" for name in ("SIGINT", "SIGTERM"))
    if sys.platform != "win32":
        outcome = script(changed("end-with-parent/cleaned_up", (sends, sends + signals)))
        assert outcome.stdout == "SIGTERM cleaned up\nSIGKILL cleaned up\n"


def its_own_copy() -> None:
    """The worker closes its own copy of the parent's end first. Otherwise it would wait for itself.
    All workers can share one such pipe, because `poll` takes nothing out of it.
    """
    for closes in True, False:
        stop, stopper = Pipe(duplex=False)
        lines = []
        for _ in range(2):
            line, end = Pipe()
            worker = Process(target=_hold, args=(stop, stopper, end, closes))
            worker.start()
            end.close()
            assert line.recv() == "started"
            lines.append((line, worker))
        stopper.close()
        for line, _ in lines:
            if closes:
                assert line.recv() == "ended"
            else:
                assert not line.poll(SURE)
        for line, worker in lines:
            if not closes:
                line.send("end")
                assert line.recv() == "ended"
            worker.join()


def a_step_that_never_ends() -> None:
    """A step that never ends keeps the worker, and the parent waits for it in `join()`: set a time
    limit.
    """
    shown("end-with-parent/cleaned_up", "stopper.close()\n        worker.join()")


def the_death_signal() -> None:
    """With `prctl(PR_SET_PDEATHSIG)`, Linux itself sends a signal to a worker when its parent ends.

    Under `forkserver`, it does not come:

    Under `forkserver`, the signal would come at the end of the fork server, which waits for the end
    of its workers.
    """
    shown("end-with-parent/death_signal", "worker's parent: True\nthe worker has ended: True")
    shown("end-with-parent/death_signal", "worker's parent: False\nthe worker has ended: False")


def the_thread_ends() -> None:
    """The signal comes when the thread that started the worker ends, even if the parent goes on."""
    if sys.platform != "linux" or get_start_method() == "forkserver":
        return
    line, end = Pipe()
    may_end = Event()
    thread = Thread(target=_start_one, args=(end, may_end))
    thread.start()
    assert line.recv() == os.getpid()
    assert not line.poll(SURE)
    may_end.set()
    thread.join()
    assert line.poll(TIME_LIMIT)  # the worker has ended


def too_late() -> None:
    """A parent that has ended before the call of `prctl` causes no signal. After the call, end the
    worker if `os.getppid()` is not `parent_process().pid`.
    """
    if sys.platform != "linux" or get_start_method() != "fork":
        return
    line, end = Pipe()
    parent = Process(target=_start_late, args=(end,))
    parent.start()
    end.close()
    parent.join()
    line.send("the parent has ended")
    assert line.recv() == "still running, as a child of its parent: False"


def _start_late(line: Connection) -> None:
    Process(target=_too_late, args=(line,)).start()
    os._exit(0)


def _too_late(line: Connection) -> None:
    import ctypes

    line.recv()
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    parent = parent_process()
    assert parent
    is_child = os.getppid() == parent.pid
    line.send(f"still running, as a child of its parent: {is_child}")


def programs_of_subprocess() -> None:
    """Kill them in a `finally`, which this handler reaches at SIGTERM, too:"""
    shown("end-with-parent/programs", "finally:", "program.kill()", "running: 0", "exit status 1")


STARTS = """
import sys
from subprocess import Popen

Popen([sys.executable, "-c", "input(); print('still here')"])
"""


def python_ends_none() -> None:
    """Python ends no program that was started with `subprocess`, not even when your own program
    ends without an error.
    """
    command = [sys.executable, "-W", "ignore", "-c", STARTS]
    with Popen(command, stdin=PIPE, stdout=PIPE, text=True) as parent:
        assert parent.wait(TIME_LIMIT) == 0
        assert parent.stdin and parent.stdout
        parent.stdin.write("\n")
        parent.stdin.close()
        assert parent.stdout.read() == "still here\n"


def the_end_of_the_block() -> None:
    """`with Popen(...)` is not enough: the end of the block waits for the program."""
    code = "import sys, time; time.sleep(0.2); sys.exit(7)"
    with Popen([sys.executable, "-c", code]) as program:
        pass
    assert program.returncode == 7


READS = """
import os
import sys
from subprocess import PIPE, Popen

code = '''
import os, sys
from threading import Event, Thread

def end_with_parent():
    sys.stdin.read()
    os._exit(1)

Thread(target=end_with_parent, daemon=True).start()
print("started", flush=True)
Event().wait()
'''
program = Popen([sys.executable, "-c", code], stdin=PIPE)
program.wait()
"""


def the_read_returns() -> None:
    """If the parent itself is killed, nothing of it runs. Start a Python program of your own with
    `stdin=PIPE`, and let a daemon thread of it call `sys.stdin.read()` and then `os._exit(1)`: the
    read returns when the parent has ended.
    """
    with Popen([sys.executable, "-c", READS], stdout=PIPE, text=True) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == "started\n"
        parent.kill()
        assert parent.stdout.read() == ""  # the program, which had the other end, has ended, too


def with_all_it_has_started() -> None:
    """If the program starts others, kill its process group."""
    no_fact("advice; the section that it links to has a proof")
