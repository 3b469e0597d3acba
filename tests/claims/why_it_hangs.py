"""What docs/examples/why-it-hangs.md says."""

import faulthandler
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from multiprocessing import Pipe, Pool, Process, active_children, get_start_method
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.claims import PAUSE, SURE, TIME_LIMIT, _waits, changed, no_fact, on, script, shown

STACKS = "why-it-hangs/stacks"
UNIX = sys.platform != "win32"
SHOWS_STACKS = '''"""
import faulthandler as _faulthandler, os as _os, signal as _signal
_file = open(f"{_os.getpid()}.stacks", "a")
_faulthandler.register(_signal.SIGUSR1, _file)
'''
"""What makes each process of a program write its stacks when it is asked to."""

TIMER_IN_BOTH = """
import faulthandler
from multiprocessing import Process, active_children

def work():
    print("begins", flush=True)
    {in_worker}
    print("goes on", flush=True)
    faulthandler.cancel_dump_traceback_later()

if __name__ == "__main__":
    faulthandler.dump_traceback_later(60)
    worker = Process(target=work)
    worker.start()
    {early}worker.join()
"""
TIMER_AND_FORK = """
import faulthandler
import os
import sys

faulthandler.dump_traceback_later(60)
child = os.fork()
if not child:
    print("ends", flush=True)
    sys.exit()
os.waitpid(child, 0)
"""
ENDS = """
import faulthandler
import time

try:
    faulthandler.dump_traceback_later(0.1, {options})
    while True:
        time.sleep(1)
        print("still there", flush=True)
finally:
    print("finally")
"""
ONE_CALL = """
import faulthandler

def add_up():
    sum(iter(int, 1))  # zeros, forever

faulthandler.dump_traceback_later(0.1, exit=True)
add_up()
"""
IN_A_LOOP = """
import faulthandler
import time

def ask():
    time.sleep(0.05)

def look():
    time.sleep(0.05)

told = ""
with open("stacks", "w") as file:
    faulthandler.dump_traceback_later(0.01, repeat=True, file=file)
    while not ("in ask" in told and "in look" in told):
        ask()
        look()
        with open("stacks") as stacks:
            told = stacks.read()
    faulthandler.cancel_dump_traceback_later()
print("both")
"""
AT_MODULE_LEVEL = """
import faulthandler
import signal
from multiprocessing import Process

faulthandler.register(signal.SIGUSR1)

def work():
    print(faulthandler.unregister(signal.SIGUSR1))

if __name__ == "__main__":
    worker = Process(target=work)
    worker.start()
    worker.join()
"""
TRACKER = """
import os
import signal
from multiprocessing import resource_tracker

resource_tracker.ensure_running()
tracker = resource_tracker._resource_tracker._pid
os.kill(tracker, signal.SIGUSR1)
_, status = os.waitpid(tracker, 0)
print(signal.Signals(os.WTERMSIG(status)).name, flush=True)
os._exit(0)
"""
IDLE = '''"""An executor with one task that waits, and an idle worker."""
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pipe

def work(line):
    line.recv()

if __name__ == "__main__":
    line, end = Pipe()
    with ProcessPoolExecutor(2) as executor:
        task = executor.submit(work, end)
        executor.submit(abs, 1).result()
        task.result()
'''
FORK_SERVER = """
import faulthandler
import os
import signal
from multiprocessing import Pipe, Process, forkserver

faulthandler.register(signal.SIGUSR1)

if __name__ == "__main__":
    line, end = Pipe()
    worker = Process(target=exec, args=("end.send(end.recv())", {"end": end}))
    worker.start()
    os.kill(forkserver._forkserver._forkserver_pid, signal.SIGUSR1)
    worker.join()
    line.send("still there")
    print(worker.exitcode, line.recv())
"""
LOGGED = """
import logging
import os
from multiprocessing import Process, Queue, log_to_stderr

def work(queue):
    {in_worker}
    queue.put(bytes(1_000_000))

if __name__ == "__main__":
    os.dup2(1, 2)  # to be read in one place
    {in_parent}
    queue = Queue()
    worker = Process(target=work, args=(queue,))
    worker.start()
    worker.join()
"""
ASKS = """
import sys
from multiprocessing import Process

def debug():
    sys.stdin = open(0)
    breakpoint()
    print("goes on")

if __name__ == "__main__":
    worker = Process(target=debug)
    worker.start()
    worker.join()
    print(worker.exitcode)
"""
THREADS = """
import faulthandler
import threading

def wait_first():
    end.wait()

def wait():
    begun.release()
    end.wait()

end, begun = threading.Event(), threading.Semaphore(0)
threads = [threading.Thread(target=wait_first)]
threads += [threading.Thread(target=wait) for _ in range({number} - 1)]
for thread in threads:
    thread.start()
for _ in threads[1:]:
    begun.acquire()
faulthandler.dump_traceback()
end.set()
"""
BAD = """
import os
from multiprocessing import Pool

class Bad(Exception):
    def __init__(self, name, number):
        super().__init__(name)

def work():
    raise Bad("cherry", 3)

if __name__ == "__main__":
    pool = Pool(1)
    result = pool.apply_async(work)
    pool._result_handler.join()
    worker, = pool._pool
    print(result.ready(), worker.is_alive(), flush=True)
    worker.kill()
    os._exit(0)
"""
REMOTE = "import pathlib; pathlib.Path({path!r}).touch()"


def _missing(code: str, *wanted: str) -> set[str]:
    """Those of the lines that are not in the stacks of the processes of a program, the top first.

    It is asked again until they are there. Only on Linux, where one sees who has the handler.
    """
    if sys.platform != "linux":
        return set()
    from examples import _runner
    from tests.claims import _proofs

    missing = set(wanted)
    with TemporaryDirectory(dir=".") as name:
        folder = Path(name).resolve()
        (folder / "program.py").write_text(code.replace('"""\n', SHOWS_STACKS, 1), "utf-8")
        process = _proofs.start(folder, ["program.py"], subprocess.DEVNULL, subprocess.DEVNULL)
        deadline = time.monotonic() + TIME_LIMIT
        while missing and time.monotonic() < deadline:
            for pid in _runner._processes(process.pid, _runner.NO_RUN, folder):
                if _has_handler(pid):
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGUSR1)
            time.sleep(10 * PAUSE)
            texts = [path.read_text("utf-8") for path in folder.glob("*.stacks")]
            threads = [thread for text in texts for thread in text.split("hread 0x")]
            stacks = [" < ".join(map(" ".join, _waits.FRAME.findall(thread))) for thread in threads]
            missing = {one for one in missing if not any(re.search(one, s) for s in stacks)}
        _proofs.end(process, folder)
        process.wait()
    return missing


def _has_handler(pid: int) -> bool:
    """Whether a process catches SIGUSR1, and is not about to execute another program: until then
    it blocks the signal, which would end it afterwards.
    """
    try:
        status = Path(f"/proc/{pid}/status").read_text("utf-8", "replace")
    except OSError:
        return False
    caught, blocked = (int(s, 16) for s in re.findall(r"Sig(?:Cgt|Blk):\s(\w+)", status)[::-1])
    return bool((caught & ~blocked) >> signal.SIGUSR1 - 1 & 1)


def _wait_and_spin(line: "Connection[str, str]", path: str) -> None:
    line.send("ready")
    line.recv()
    while not Path(path).exists():
        pass


def every_process() -> None:
    """Let every process write its stack, the calls that it is in, with `faulthandler`: after a
    time limit, as here, or when you send a signal.

    This program hangs, because the parent waits for a worker that waits for the parent's lock:

    Here the parent waits in `worker.join()`, and the worker at `with lock:`.
    """
    shown(STACKS, "dump_traceback_later(4, exit=True, file=file)\n    with lock:\n")
    shown(STACKS, "with lock, paths[0]", "line 25 in main", "line 13 in bill", "in __enter__")
    lines = changed(STACKS).splitlines()
    assert lines[25 - 1].strip() == "worker.join()"
    assert lines[13 - 1].strip() == "with lock:"


def pointers() -> None:
    """Then look up what the top lines mean. For a program that you cannot change, use a tool that
    reads the stack from outside.

    Read the stacks of all processes.

    Choose a limit that is longer than the work takes.

    Find your stack by its top lines.

    Do so in one worker only, and let the parent not read meanwhile.

    Let each worker profile itself, and write a file of its own:
    """
    no_fact("advice")


def the_order() -> None:
    """The most recent call comes first. The top lines are in Python's own files, and say what the
    process waits for. The first line in a file of yours is the call that does not return.
    """
    shown(STACKS, '(most recent call first):\n  File "synchronize.py"', 'File "stacks.py", line 13')


def look_further() -> None:
    """A `join()` only says that another process has not ended, and the stack of that process says
    why.
    """
    shown(STACKS, "line 25 in main", "line 13 in bill")


def at_the_limit() -> None:
    """`dump_traceback_later(4, exit=True)` writes the stack after four seconds, and then ends the
    process with status 1, without `finally` blocks. Without `exit=True`, the process goes on.

    With `repeat=True`, the stack is written again and again. If it stays the same, the process
    waits, or one call takes very long; if it changes, the process is slow, or waits in a loop.
    """
    shown(STACKS, "Timeout (0:00:04)!", "Exit code of the worker: 1")
    outcome = script(ENDS.format(options="exit=True"))
    assert (outcome.status, outcome.stdout) == (1, "")
    assert "Timeout (0:00:00.100000)!" in outcome.stderr
    outcome = script(ENDS.format(options=""), hangs_after="still there")
    assert outcome.status is None
    assert outcome.stderr.count("Timeout") == 1
    outcome = script(ENDS.format(options="repeat=True"), hangs_after="still there")
    assert outcome.status is None
    assert outcome.stderr.count("Timeout") > 1
    outcome = script(ONE_CALL)
    assert (outcome.status, outcome.stdout) == (1, "")
    assert re.search(r"recent call first\):\n  File .* in add_up\n", outcome.stderr)
    assert script(IN_A_LOOP).stdout == "both\n"


def where_it_goes() -> None:
    """Without `file`, the stack goes to standard error, where those of several processes can
    mix.
    """
    outcome = script(ENDS.format(options="exit=True"))
    assert 'program.py", line ' in outcome.stderr


def all_threads() -> None:
    """All threads of the process are written, the main one last; if there are more than 100, only
    the 100 newest, without the main one. A process that has put items into a `Queue` has a second
    one, whose stack has `_feed`.
    """
    for number, has_all in (99, True), (101, False):
        told = script(THREADS.format(number=number)).stderr
        assert told.count("hread 0x") == 100
        assert ("in <module>" in told, "in wait_first" in told) == (has_all, has_all)
    assert not _waits.wrong("others")
    assert "<module>" in _waits.last()


def timers_and_fork() -> None:
    """Start the timer of the parent after its workers, as here. If a process with a running timer
    forks, the child hangs as soon as it starts or cancels a timer itself, and a child of
    `os.fork()` hangs at its end.
    """
    starts, cancels = "dump_traceback_later(60)", "cancel_dump_traceback_later()"
    shown(STACKS, "worker.start()\n            faulthandler.dump_traceback_later(1")
    if get_start_method() == "fork":
        for call, early in [(starts, ""), (starts, f"faulthandler.{cancels}\n    "), (cancels, "")]:
            code = TIMER_IN_BOTH.format(early=early, in_worker=f"faulthandler.{call}")
            outcome = script(code, hangs_after="begins")
            assert (outcome.status, outcome.stdout) == (None, "begins\n")
        outcome = script(TIMER_AND_FORK, hangs_after="ends")
        assert (outcome.status, outcome.stdout) == (None, "ends\n")
    else:
        outcome = script(TIMER_IN_BOTH.format(early="", in_worker=f"faulthandler.{starts}"))
        assert outcome.stdout == "begins\ngoes on\n"


def with_a_signal() -> None:
    """On Linux and macOS, a process can write its stack whenever it gets a signal. This costs
    nothing until then, so it can stay in the program:

    With `chain=True`, what the signal did before happens as well: SIGUSR1 ends the process. Without
    it, the process writes its stack and goes on, and you can ask again:
    """
    shown("why-it-hangs/ask", "os.kill(worker.pid, signal.SIGUSR1)", "Ended by: SIGUSR1")
    shown("why-it-hangs/ask", "in __enter__\n", "line 15 in bill", "on Linux and macOS")
    if UNIX:
        with TemporaryDirectory() as name:
            path = Path(name, "stack")
            with path.open("w") as file:
                faulthandler.register(signal.SIGUSR1, file)
                for _ in range(2):
                    signal.raise_signal(signal.SIGUSR1)
                faulthandler.unregister(signal.SIGUSR1)
            assert path.read_text("utf-8").count("in with_a_signal") == 2


def for_each_process() -> None:
    """Each process needs the handler: one without it is ended by the signal. To give it to all
    processes of your program, write `faulthandler.register(signal.SIGUSR1)` at module level. Then
    the children have it, too, under every start method.

    The workers of a pool get it by an initializer: `Pool(2, faulthandler.register,
    (signal.SIGUSR1,))`.
    """
    from concurrent.futures import ProcessPoolExecutor

    if not UNIX:
        return
    line, end = Pipe()
    worker = Process(target=end.recv)
    worker.start()
    os.kill(worker.pid or 0, signal.SIGUSR1)
    worker.join()
    assert worker.exitcode == -signal.SIGUSR1
    line.close()
    end.close()
    outcome = script(AT_MODULE_LEVEL)
    assert outcome.stdout == "True\n", outcome.stderr
    with ProcessPoolExecutor(1, None, faulthandler.register, (signal.SIGUSR1,)) as executor:
        assert executor.submit(faulthandler.unregister, signal.SIGUSR1).result()
    with Pool(2, faulthandler.register, (signal.SIGUSR1,)) as pool:
        assert pool.apply(faulthandler.unregister, (signal.SIGUSR1,))
    assert not faulthandler.unregister(signal.SIGUSR1)


def which_processes() -> None:
    """`active_children()` has the `pid` of each child. Do not send the signal to all children that
    `ps` shows: a resource tracker is one of them, and would end. Under `forkserver`, the fork
    server is another, and may have no handler. If it ends, `join()` returns at once with exit code
    255, while the workers still run.
    """
    if get_start_method() == "forkserver":
        outcome = script(FORK_SERVER, module=True)
        assert outcome.stdout == "255 still there\n", outcome.stderr
    if UNIX:
        outcome = script(TRACKER)
        assert outcome.stdout == "SIGUSR1\n", outcome.stderr
    line, end = Pipe()
    worker = Process(target=end.recv)
    worker.start()
    assert [child.pid for child in active_children()] == [worker.pid]
    line.send("end")
    worker.join()
    line.close()
    end.close()


def join_of_the_parent() -> None:
    """..., `join` in `process.py` | another process, whose stack says why | the other rows

    `join`, `_finalize_join`; in another thread `_send`, ..., `_feed` | that its items are read from
    the queue | The queue was not drained

    the same; in the other thread, `_feed` is at the top | its turn: another process writes to the
    queue | the stack of that process, killed inside a queue

    Some versions and start methods have more lines above or between these.
    """
    assert not _waits.wrong("join", "end", "others")
    parent = r"process\.py join < program\.py main"
    feeder = r"^connection\.py _send < connection\.py _send_bytes < .*queues\.py _feed"
    main_thread = r"threading\.py join < queues\.py _finalize_join"
    below = {"forkserver": "popen_forkserver", "fork": "popen_fork", "spawn": "popen_fork"}
    own = rf"{below[get_start_method()]}\.py poll < popen_fork\.py wait < process"
    assert not _missing(changed("queue-deadlock/join_first"), parent, feeder, main_thread, own)
    assert not _missing(changed("queue-deadlock/own_items"), feeder, main_thread)


def a_queue() -> None:
    """`_recv` or `select`, ..., `get` in `queues.py` | an item | The item was lost, the worker has
    died

    `__enter__` in `synchronize.py`, `get` in `queues.py`; with a timeout, only `get` | its turn:
    another process waits for the next item | the stack of that process, killed inside a queue

    `put` in `queues.py` | room in a full `Queue` | `maxsize`

    `_send`, ..., `put` in `queues.py` | that a `SimpleQueue` is read | SimpleQueue

    `__enter__` in `synchronize.py`, `put` in `queues.py` | its turn: another process writes to the
    `SimpleQueue` | the stack of that process, killed inside a queue

    `wait` in `synchronize.py`, `join` in `queues.py` | a `task_done()` | task_done was forgotten
    """
    assert not _waits.wrong("get", "timed", "put", "unread", "turn", "tasks")
    shown("joinable-queue/forgotten", "orders.join()", "still running")


def a_pipe() -> None:
    """`_recv` or `select`, ..., your own line | a message, or the end of the pipe | An end was kept
    open

    `_send`, ..., your own line | that the other end receives | Both send first

    `_recv`, ..., `_callmethod` in `managers.py` | the manager's answer, such as an item or a lock |
    Manager
    """
    assert not _waits.wrong("receive", "poll", "send", "manager")
    receives = r"^connection\.py _recv < \S+ _recv_bytes < connection\.py recv < program"
    assert not _missing(changed("pipe-no-eof/end_kept_open"), receives)
    sends = (
        r"^connection\.py _send < connection\.py _send_bytes < connection\.py send < program\.py"
    )
    assert not _missing(changed("pipe/both_send"), f"{sends} main", f"{sends} develop")


def a_lock() -> None:
    """`__enter__` in `synchronize.py`, your own line | a lock or a semaphore | Its holder was
    killed, opposite order

    your own line, with `acquire()` | the same, or a lock of `threading` | the rows above and below

    your own line, with a lock of `threading` | the lock of a thread that was not forked | fork with
    threads

    `getvalue` or `setvalue` in `<string>`; `__enter__` in `sharedctypes.py` | the lock of a `Value`
    or an `Array` | A Value and a plain Lock, its holder was killed
    """
    assert not _waits.wrong("enter", "acquire", "value", "array")
    enters = r"^synchronize\.py __enter__ < program\.py"
    assert not _missing(changed("lock-holder-killed/terminated"), f"{enters} main")
    if get_start_method() == "fork":
        assert not _missing(changed("fork-with-threads/lock_held"), r"^program\.py pack")
    assert not _missing(changed("value-lock-hangs/plain_lock"), r"^<string> getvalue < program\.py")


def a_condition() -> None:
    """`wait` in `synchronize.py`, ..., your own line | a `notify()` or `set()` | A lost notify()

    `wait`, `wait_for`, `_wait`, `wait` in `threading.py` | the others at a `Barrier` | Barrier

    `notify` in `synchronize.py` | a process that was killed in its `wait()` | A waiter that is
    killed
    """
    assert not _waits.wrong("condition", "barrier", "notify")
    waits = r"^synchronize\.py wait < program\.py pack"
    assert not _missing(changed("condition/lost_notify"), waits)
    notifies = r"^synchronize\.py notify < .*program\.py"
    assert not _missing(changed("condition/waiter_killed"), notifies)


def a_pool() -> None:
    """`wait`, ..., `get` or `next` in `pool.py` | the result of a task | A worker was killed, an
    exception was not rebuilt, the with block has ended

    `_help_stuff_finish`, `_terminate_pool` in `pool.py` | the lock of the queue of tasks, which a
    killed worker held | An idle worker was killed

    `wait`, ..., `result`, `wait` or `as_completed` in `_base.py` | the result of a task | the stack
    of the worker that has the task

    `join`, then `join` in `pool.py`, or `shutdown` or `_python_exit` in `process.py` | the end of
    all tasks | the stacks of the workers

    ..., `get` in `queues.py`, then `worker` in `pool.py` or `_process_worker` in `process.py` | a
    task: the worker is idle | the stack of the parent

    If all workers of a pool are idle and the parent waits for a result, look for `_handle_results`
    in the stacks of the parent. If no thread has it, an exception or a result was not rebuilt: its
    task has ended, and the traceback of that thread is on standard error. If one has it, the task
    was lost.
    """
    assert not _waits.wrong("pool", "executor", "ends")
    waits = r"^threading\.py wait < threading\.py wait < pool\.py wait < pool\.py get < "
    idle = (
        r" < queues\.py get < pool\.py worker|^synchronize.py __enter__ < queues.py get < pool.py"
    )
    handles = r" < pool\.py _handle_results < threading\.py"
    assert not _missing(changed("killed-worker/pool_hangs"), waits, idle, handles)
    outcome = script(BAD)
    assert outcome.stdout == "False True\n"
    assert "(_handle_results)" in outcome.stderr
    ends = r"^pool\.py _help_stuff_finish < pool\.py _terminate_pool < "
    assert not _missing(changed("killed-worker/idle_killed"), ends)
    assert not _missing(changed("pool-not-running/lost"), waits)
    works = r"connection\.py recv < program\.py work < process\.py _process_worker"
    idle = r"recv_bytes < queues\.py get < process\.py _process_worker"
    assert not _missing(IDLE, works, idle)


LEFT = """
import faulthandler, os, signal, time
from multiprocessing import Pipe, Process

def ask(main):
    for _ in range(600):
        os.kill(main, signal.SIGUSR1)
        time.sleep(0.05)

def work(line, main):
    child = Process(target=ask, args=(main,))
    child.start()
    line.send("started")
    child.join()

if __name__ == "__main__":
    faulthandler.register(signal.SIGUSR1)
    line, end = Pipe()
    worker = Process(target=work, args=(end, os.getpid()))
    worker.start()
    line.recv()
    worker.kill()
    worker.join()
"""


def at_the_end() -> None:
    """`_stop_locked`, `_stop`, `__del__` in `resource_tracker.py` | a process that a killed worker
    has left, in some releases, such as Python 3.13.5 | End with the parent
    """
    if get_start_method() != "fork" and on("Python 3.13.5"):
        with TemporaryDirectory() as folder:
            Path(folder, "program.py").write_text(LEFT, "utf-8")
            command = [sys.executable, "program.py"]
            with subprocess.Popen(
                command, cwd=folder, stderr=subprocess.PIPE, text=True, start_new_session=True
            ) as main:
                assert main.stderr is not None
                text = ""
                while not text.endswith("in __del__\n") and (line := main.stderr.readline()):
                    text += line
                os.killpg(main.pid, signal.SIGKILL)
        calls = _waits.FRAME.findall(text)[-3:]
        tracker = "resource_tracker.py"
        assert calls == [(tracker, "_stop_locked"), (tracker, "_stop"), (tracker, "__del__")]


def until_it_executes() -> None:
    """The last two wait until the process executes Python again. A process that hangs in `recv()`
    does not, until something arrives.

    These tools read the stack of a process that runs already.
    """
    if sys.platform != "linux" or not on("Python 3.14.0 and later"):
        return
    with TemporaryDirectory() as name:
        path, remote = Path(name, "done"), Path(name, "remote.py")
        remote.write_text(REMOTE.format(path=str(path)), "utf-8")
        line, end = Pipe()
        worker = Process(target=_wait_and_spin, args=(end, str(path)))
        worker.start()
        line.recv()
        while Path(f"/proc/{worker.pid}/stat").read_text("utf-8").split(") ")[1][0] != "S":
            time.sleep(PAUSE)  # until it waits in recv()
        try:
            sys.remote_exec(worker.pid or 0, str(remote))  # type: ignore[attr-defined]
        except PermissionError:  # as in a container without SYS_PTRACE
            path.touch()
        else:
            time.sleep(SURE)
            assert not path.exists()
        line.send("go on")
        worker.join()  # which is when the file is there
        line.close()
        end.close()


def the_log() -> None:
    """`multiprocessing` logs what it does. Call `multiprocessing.log_to_stderr(logging.DEBUG)` in
    the process that hangs, or in the parent before it starts its children: the children under
    `forkserver` and `spawn` then log as well, and under `fork` they inherit it. If a worker's last
    line is `[DEBUG/Process-1] joining queue thread`, its items were not read.
    """
    call, last = "log_to_stderr(logging.DEBUG)", "[DEBUG/Process-1] joining queue thread"
    for in_worker, in_parent in [(call, "pass"), ("pass", call)]:
        code = LOGGED.format(in_worker=in_worker, in_parent=in_parent)
        outcome = script(code, hangs_after=last)
        assert outcome.status is None
        told = [line for line in outcome.stdout.splitlines() if "/Process-1] " in line]
        assert told[-1] == last


def of_an_editor() -> None:
    """These were not run here."""
    no_fact("what was not tried")


def a_debugger() -> None:
    """`breakpoint()` in a worker quits at once, because the worker has an empty standard input. On
    Linux and macOS, `sys.stdin = open(0)` in the line before it gives the keyboard to this
    worker.
    """
    shown("input-in-worker/asked_in_worker", "EOFError: EOF when reading a line")
    if not UNIX:
        return
    with TemporaryDirectory() as name:
        program = Path(name, "program.py")
        program.write_text(ASKS, "utf-8")
        run = subprocess.run(
            [sys.executable, program], input="p 6 * 7\nc\n", stdout=subprocess.PIPE, text=True,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
    assert "(Pdb) 42\n" in run.stdout
    assert run.stdout.endswith("goes on\n0\n")


def in_the_parent() -> None:
    """It is often enough to call the function in the parent, without a process: it fails there in
    the same way, if the fault is in the function.
    """
    no_fact("advice")


def slow() -> None:
    """If the stacks change, the program may only be slow."""
    no_fact("advice")


def a_profile() -> None:
    """`pstats.Stats(*paths)` adds the profiles up, and `print_stats()` prints the sum. The file of
    a worker is written even if the function raises an error.
    """
    shown("why-it-hangs/profile_workers", "ada.prof: 2 calls of price", "bob.prof: 3 calls")
    sums = changed(
        "why-it-hangs/profile_workers",
        ("[price(order) for order in orders]", "[price(o) for o in orders][9]"),
        ("for path in sorted(Path(folder).iterdir()):", "if 1:"),
        ("stats = pstats.Stats(str(path)).get_stats_profile()",
         "all = pstats.Stats(*map(str, Path(folder).iterdir())); all.print_stats('price')\n"
         "            stats = all.get_stats_profile(); path = Path('all')"),
    )  # fmt: skip
    outcome = script(sums)
    assert outcome.stdout.endswith("all: 5 calls of price\n"), outcome.stderr
    assert re.search(r"^ +5 .*\(price\)$", outcome.stdout, re.MULTILINE)


def of_the_parent_only() -> None:
    """`python -m cProfile program.py` measures only the parent, which waits. In Python 3.11 to
    3.13, under `forkserver` and `spawn`, `start()` then raises `PicklingError` if the target is in
    `program.py`.

    Do not run this program with `-m cProfile`, too: under `fork`, in Python 3.12 and later, the
    profile of the parent is still active in the worker, and a second one raises `ValueError`.
    """
    forks = get_start_method() == "fork"
    program = changed("why-it-hangs/profile_workers")
    both = script(program, "-m", "cProfile")
    assert ("\nValueError: " in both.stderr) == (forks and on("Python 3.12 and later"))
    plain = changed(
        "why-it-hangs/profile_workers",
        ("profile.runcall(function, *args)", "print(function(*args), flush=True)"),
        ("        profile.dump_stats(path)", "        pass"),
    )
    outcome = script(plain, "-m", "cProfile")
    if not forks and on("Python 3.11 to 3.13"):
        assert "PicklingError: " in outcome.stderr
        assert "[6, 8]" not in outcome.stdout
    else:
        assert outcome.stdout.startswith("[6, 8]\n[10, 12, 14]\n"), outcome.stderr
        assert re.search(r"process\.py:\d+\(join\)", outcome.stdout)
        assert "(price)" not in outcome.stdout


def all_are_alive() -> None:
    """All workers are alive then, too, since a `Pool` replaces a worker that was killed, but does
    not send its task again.
    """
    shown("killed-worker/pool_hangs", "still running")


def two_lines_for_a_task() -> None:
    """In each worker, write a line to the log before and after each task: the task whose second
    line is missing is the lost one.
    """
    no_fact("advice")


def which_environment() -> None:
    """The stack of the parent, with `_recv` and below it `step_wait`, does not say which one:

    A process that waits in `recv` has answered; look for one that is in a line of your environment.

    Try `start_method="spawn"`, with a main guard.
    """
    no_fact("advice; the source of SubprocVecEnv is linked")


def pop_from_an_empty_deque() -> None:
    """If you end such a wait with Ctrl-C, the traceback of `imap` begins with
    `IndexError: pop from an empty deque`, in `next` of `pool.py`. That is not the fault: no result
    was there, and so `next` began to wait.
    """
    from unittest.mock import patch

    with Pool(1) as pool:
        results: Any = pool.imap(time.sleep, [TIME_LIMIT])
        with patch.object(results._cond, "wait", side_effect=KeyboardInterrupt):
            try:
                next(results)
            except KeyboardInterrupt as pressed:
                earlier = pressed.__context__
    assert isinstance(earlier, IndexError)
    assert str(earlier) == "pop from an empty deque"


def other_profilers() -> None:
    """Other profilers see only the parent, too, unless you ask for more."""
    no_fact("what the linked sentences after it explain")


def _reads_and_ends(end: Connection) -> None:
    end.recv()


def _ends(end: Connection) -> None:
    end.poll(TIME_LIMIT)  # and does not read it


def an_environment_that_has_ended() -> None:
    """If it does not hang, but raises `EOFError` or `ConnectionResetError` in `recv()`, or
    `BrokenPipeError` in `send()`, the process of an environment has ended.
    """
    for target in _reads_and_ends, _ends:
        ours, theirs = Pipe()
        with ours:
            child = Process(target=target, args=(theirs,))
            child.start()
            theirs.close()
            ours.send("reset")
            child.join()
            try:
                ours.recv()
            except (EOFError, ConnectionResetError, BrokenPipeError) as error:
                read = type(error)
            expected = EOFError if target is _reads_and_ends else ConnectionResetError
            assert read is expected or sys.platform != "linux", read
            try:
                ours.send("step")
            except (BrokenPipeError, ConnectionResetError) as error:
                assert type(error) is BrokenPipeError or sys.platform != "linux", error
            else:
                raise AssertionError("nothing reads, and send() raises nothing")


def which_traceback() -> None:
    """Look for its traceback above that of the parent, or use `DummyVecEnv`, which raises the error
    in the program itself. If there is no traceback, look at the exit code: the process may have
    been killed, or have crashed in the C code of a simulator.
    """
    no_fact("advice")
