"""What docs/pitfalls/daemon-children.md says."""

import os
import signal
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import (
    Manager,
    Pipe,
    Pool,
    Process,
    active_children,
    current_process,
    get_start_method,
)
from multiprocessing import get_context as context
from multiprocessing.connection import Connection, wait
from multiprocessing.pool import ThreadPool
from typing import Any

from tests.claims import no_fact, raises, script, shown

MESSAGE = "daemonic processes are not allowed to have children"

UNCHECKED = """
import time
from multiprocessing import Pipe, Process


def print_and_wait(line):
    print("lost")
    line.send("printed")
    time.sleep(600)


def start():
    inner = Process(target=print, args=("started",))
    inner.start()
    inner.join()


if __name__ == "__main__":
    outer = Process(target=start, daemon=True)
    outer.start()
    outer.join()
    if __debug__:
        receiver, sender = Pipe(duplex=False)
        printing = Process(target=print_and_wait, args=(sender,), daemon=True)
        printing.start()
        receiver.recv()
"""

NEEDED = """
import sys
from multiprocessing import Event, Pipe, Process, Queue


def read(queue, line, ready):
    ready.set()
    while True:
        queue.get()


def put(queue, line, ready):
    ready.set()
    if line:
        try:
            line.recv()
        except EOFError:
            print("the reader has ended", flush=True)
    for _ in range(1_000):
        queue.put("x" * 1_000)


def main(is_daemon, waits, error):
    queue, readies = Queue(), [Event(), Event()]
    receiver, sender = Pipe(duplex=False)
    Process(target=read, args=(queue, sender, readies[0]), daemon=True).start()
    sender.close()
    args = queue, receiver if waits else None, readies[1]
    worker = Process(target=put, args=args, daemon=is_daemon)
    worker.start()
    for ready in readies:
        ready.wait()
    if error:
        sys.exit(error)
    if is_daemon:
        worker.join()
        print("exit code", worker.exitcode)


if __name__ == "__main__":
    main({arguments})
"""


_kept: list[ProcessPoolExecutor] = []


def _start_all(line: "Connection[Any, Any]") -> None:
    executor = ProcessPoolExecutor(1)
    for attempt in [Process(target=int).start, Pool, Manager, lambda: executor.submit(int)]:
        try:
            attempt()  # type: ignore[operator]
        except AssertionError as error:
            line.send(str(error))


def _start_one() -> None:
    Process(target=int).start()


def _is_daemon() -> bool:
    return bool(current_process().daemon)


def _nest() -> list[int]:
    child = Process(target=int)
    child.start()
    child.join()
    with Pool(1) as pool:
        one = pool.apply(abs, (-1,))
    executor = ProcessPoolExecutor(1)
    _kept.append(executor)
    two, inner = executor.submit(abs, -2).result(), executor.submit(os.getpid).result()
    return [os.getpid(), inner, child.exitcode or 0, one, two]


def _pool_in_thread() -> object:
    with context("spawn").Pool(1) as pool:
        return pool.apply(abs, (-1,))


def for_the_outer_work() -> None:
    """Use a `ProcessPoolExecutor` instead of a `Pool` for the outer work, or leave out
    `daemon=True`; best of all, flatten the work so that one pool does it.
    """
    shown("daemon-children/executor_in_executor", "Output\n['cat.jpg resized', 'dog.jpg resized']")
    shown("daemon-children/not_daemonic", 'args=("cat.jpg",))\n    down', "Output\nResized cat.jpg")
    shown("daemon-children/flat", "with Pool(2) as pool", "'dog.jpg resized', 'sea.jpg resized'")


def processes_within_processes() -> None:
    """The error comes from starting processes within processes, such as a pool in a pool.

    So a task of a `Pool` cannot create a nested pool.

    If it happens in a worker of a `Pool`, `map` or `get()` raises the error in the parent.
    """
    shown("daemon-children/in_pool_worker", "pool.map(resize_album", f"AssertionError: {MESSAGE}")
    with Pool(1) as pool:
        with raises(AssertionError, text=MESSAGE):
            pool.apply_async(Pool).get()
        with raises(AssertionError, text=MESSAGE):
            pool.map(_ignore_and_start, [1])


def _ignore_and_start(number: int) -> None:
    _start_one()


def in_all_versions() -> None:
    """The message is the same in all versions and under every start method."""
    shown("daemon-children/in_pool_worker", "Output\nAssertionError: daemonic processes are not")
    shown("daemon-children/daemon_starts", "AssertionError: daemonic processes are not allowed")


def without_asserts() -> None:
    """If Python runs with `-O`, which leaves out `assert` statements, there is no error:"""
    assert script(UNCHECKED, "-O").stdout == "started\n"


def in_a_process() -> None:
    """If it happens in a `Process`, the error is printed to standard error, and the parent goes
    on.

    Do not use `daemon=True` to avoid a `join()`: what the process was still going to write is
    lost, and so is what it printed to a file or a pipe without `flush=True`.
    """
    shown("daemon-children/daemon_starts", "Standard error", "AssertionError: daemonic processes")
    outcome = script(UNCHECKED, "-E")  # not PYTHONUNBUFFERED
    assert (outcome.status, outcome.stdout) == (0, "")
    assert outcome.stderr.endswith(f"AssertionError: {MESSAGE}\n")


def not_allowed() -> None:
    """Therefore, a daemonic process is not allowed to start any. A `Pool`, a `Manager` and a
    `ProcessPoolExecutor` start processes, too: `Pool()` and `Manager()` raise the error in a
    daemonic process, and an executor raises it at the first `submit`.
    """
    line, far_end = Pipe()
    daemon = Process(target=_start_all, args=(far_end,), daemon=True)
    daemon.start()
    far_end.close()
    for _ in range(4):
        assert line.recv() == MESSAGE
    daemon.join()


def who_is_daemonic() -> None:
    """The workers of a `ProcessPoolExecutor` are not daemonic, as a program below shows.

    If the work cannot be flattened, nest executors: a worker of an executor may create
    processes, a `Pool` or an executor of its own.

    If a worker of the outer executor is killed, the workers of its inner executor keep running, and
    have to be killed, too. Under `fork`, the outer executor does not notice until then that its
    worker has died, and `result()` waits.
    """
    with Pool(1) as pool:
        assert pool.apply(_is_daemon)
    with ProcessPoolExecutor(1) as executor:
        assert not executor.submit(_is_daemon).result()
        outer, inner, *results = executor.submit(_nest).result()
        assert results == [0, 1, 2]
        if sys.platform == "win32":
            return
        endless = executor.submit(time.sleep, 600)
        worker = executor._processes[outer]
        os.kill(outer, signal.SIGKILL)
        if get_start_method() == "fork":
            worker.join()
            assert not wait([worker.sentinel], timeout=0)  # for which the executor waits
            assert not endless.done()
            os.kill(inner, signal.SIGKILL)
        with raises(BrokenProcessPool):
            endless.result()
        if get_start_method() != "fork":
            os.kill(inner, signal.SIGKILL)  # which raises an error if it is not there


def other_programs() -> None:
    """`subprocess.run()` is allowed.

    The rule applies only to processes that `multiprocessing` starts. A worker of a `Pool` may
    run other programs:
    """
    shown("daemon-children/runs_program", "subprocess.run", "Pool(2)", "Output\ncat.jpg converted")


def one_pool() -> None:
    """Use one pool for the photos of all albums. Then no worker starts a process, and the photos
    of a big album are shared out among all workers.
    """
    shown(
        "daemon-children/flat",
        "[photo for album in albums for photo in album]",
        "pool.map(resize, photos)",
        "Output\n['cat.jpg resized', 'dog.jpg resized', 'sea.jpg resized']",
    )


def how_many() -> None:
    """Mind the number of processes: 4 workers that have 4 workers each are 20 processes."""
    no_fact("a sum")


def threads_outside() -> None:
    """For the outer work, a `ThreadPool` from `multiprocessing.pool` is also possible: its workers
    are threads, and each may create a `Pool`. Create that `Pool` with `get_context("spawn")`,
    because a child that is forked while other threads run may hang.
    """
    shown("fork-with-threads/lock_held", "still running after 5 s")
    before = active_children()
    with ThreadPool(1) as threads:
        assert active_children() == before
        assert threads.apply(_pool_in_thread) == 1


def what_it_is_for() -> None:
    """Use `daemon=True` for a process that may be stopped at any point, because nothing is lost
    with it, and that no child needs when the program ends.
    """
    no_fact("advice")


def needed_by_a_child() -> None:
    """The parent terminates its daemons before it waits for its other children. A child that puts
    items into a queue that only a daemon reads can then wait forever, and the program never
    ends. Make such a child a daemon, too, and call its `join()` before the program ends: so an
    error in the main program cannot leave it waiting.
    """
    hangs = script(NEEDED.replace("{arguments}", "False, True, 0"), hangs_after="has ended")
    assert (hangs.status, hangs.stdout) == (None, "the reader has ended\n")
    joined = script(NEEDED.replace("{arguments}", "True, False, 0"))
    assert (joined.status, joined.stdout) == (0, "exit code 0\n")
    assert script(NEEDED.replace("{arguments}", "True, True, 7")).status == 7


def the_camera() -> None:
    """In this program, the camera is terminated when the program ends: its `finally` block does
    not run, and "The camera is off" is not printed.
    """
    shown(
        "daemon-children/ends_with_parent",
        'finally:\n        print("The camera is off")',
        "Output\nThe camera is on\nThe program ends\n",
    )
