"""What docs/when-a-process-dies.md says."""

import tempfile
from multiprocessing import Pipe, Pool, Process, get_start_method
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.claims import ROOT, TIME_LIMIT, no_fact, raises, script, shown

if TYPE_CHECKING:
    from examples._runner import Outcome

PROGRAM = """
from multiprocessing import Lock, Process

def work(number, lock):
    print("Begins", number, flush=True)
    with lock:
        print("Holds", number, flush=True)

def main():
    lock = Lock()
    for number in range(2):
        worker = Process(target=work, args=(number, lock))
        worker.start()
        worker.join()
    print(lock.acquire(timeout=0), worker.exitcode, flush=True)

if __name__ == "__main__":
    main()
"""
DIES = """
from multiprocessing import JoinableQueue, Process
from os import _exit

def work(orders):
    orders.get()
    _exit(1)

if __name__ == "__main__":
    orders = JoinableQueue()
    worker = Process(target=work, args=(orders,))
    worker.start()
    orders.put(1)
    worker.join()
    print("joins", flush=True)
    orders.join()
"""

WAITER_KILLED = """
from multiprocessing import Barrier, Process
from time import sleep

def wait(barrier):
    barrier.wait()

if __name__ == "__main__":
    barrier = Barrier(3)
    worker = Process(target=wait, args=(barrier,))
    worker.start()
    while True:
        with barrier._cond:
            if barrier.n_waiting:
                break
        sleep(0.01)
    worker.kill()
    worker.join()
    print("killed", flush=True)
    barrier.wait(timeout=0.1)
"""

_END: "Connection[Any, Any]"
"""The end of a worker's pipe."""


def _with_fault(fault: str, which: int) -> "Outcome":
    """Run the program, with that many workers, with a fault in the last."""
    from tests.harness.run.faults import put_in

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "program.py")
        path.write_text(PROGRAM.replace("range(2)", f"range({which})"), "utf-8")
        run = put_in(path, get_start_method(), fault, which, TIME_LIMIT)
    assert run.hit
    return run.outcome


def an_executor_reports_it() -> None:
    """If a worker is killed, a `ProcessPoolExecutor` raises an error, apart from some cases, and
    so does a `Pipe` whose other end is closed.
    """
    from tests.claims._executors import an_executor_waits

    assert an_executor_waits()
    shown("process-pool-executor/smallest", "a worker is killed            status 1, told")
    shown("pipe/smallest", "a worker is killed            status 1, told")


def the_parent_is_not_told() -> None:
    """With the other tools the parent is not told:

    A program that waits for the worker in `get()` of a `Queue`, in `map()` of a `Pool`, or for an
    `Event`, a `Condition` or a `Barrier`, waits forever.
    """
    shown("queue/smallest", "prices.get()", "a worker is killed            hangs")
    shown("pool/smallest", "pool.map(", "a worker is killed            hangs")
    shown("raw-value/smallest", "half.wait()", "a worker is killed            hangs")
    shown("condition/smallest", "changed.wait_for", "a worker is killed            hangs")
    shown("barrier/smallest", "all_written.wait()", "a worker is killed            hangs")


def it_goes_on() -> None:
    """A program that only joins the worker and then reads a `Value`, an `Array`, shared memory or
    a manager's dict goes on without what the worker would have written.

    It ends with exit status 0.
    """
    shown("value/smallest", "a worker is killed            wrong result")
    shown("array/smallest", "a worker is killed            wrong result")
    shown("shared-memory/smallest", "a worker is killed            wrong result")
    shown("manager/smallest", "a worker is killed            wrong result")


def a_lock_stays_locked() -> None:
    """A lock that the worker held stays locked, and the next process waits forever."""
    shown("value/smallest", "killed while it holds a lock  hangs")
    shown("lock/smallest", "killed while it holds a lock  hangs")
    shown("condition/smallest", "killed while it holds a lock  hangs")


def the_table() -> None:
    """The table shows the smallest program of most Syntax pages, with one fault at a time put in
    from outside.

    Each cell is the outcome of a run on Linux.

    The tests repeat it under each start method.
    """
    from tests.claims._pages import already_read
    from tests.harness.read.site import this_site

    if already_read():
        return
    site = this_site()
    every = [program for program in site.programs.values() if program.table]
    programs = [program for program in every if program.page.startswith("docs/syntax/")]
    pages = {page for page in site.fences if page.parent.name == "syntax"}
    assert {program.name.split("/")[1] for program in programs} == {"smallest"}
    assert len(programs) > 0.8 * len(pages)
    from tests import test_faults
    from tests.harness.read.words import RECORDED_ON

    assert set(test_faults.PROGRAMS) == {program.name for program in every}
    assert RECORDED_ON == "Linux"


def how_a_fault_is_put_in() -> None:
    """a worker raises, calls sys.exit(3), is killed | the worker raises an exception, calls
    `sys.exit(3)`, or gets SIGKILL, at the first line of the function that it runs. If there are
    several workers, this happens in the second one

    killed while it holds a lock | SIGKILL for the first worker that has acquired a `Lock` or
    `RLock`, also that of a `Value` or `Array`

    the manager is killed | SIGKILL for the server process of a manager, while the worker is at the
    first line of its function
    """
    first = "Begins 0\nHolds 0\n"
    for fault, code in ("raises", 1), ("exits", 3), ("killed", -9):
        assert _with_fault(fault, 2).stdout.startswith(f"{first}True {code}\n")
    assert _with_fault("killed-holding", 1).stdout == "Begins 0\nFalse -9\n"
    shown("value/smallest", "sold.get_lock()", "killed while it holds a lock  hangs")
    shown("manager/smallest", "the manager is killed         status 1, told, leaves a file")


def the_words() -> None:
    """hangs | the program has not ended long after the fault

    right result | it ends with status 0, and its output is complete

    wrong result | it ends with status 0 as if nothing had happened, and its output is wrong

    status 1 | it ends with an exception

    told | something was written to standard error, such as a traceback

    leaves a file | something is left in the folder for temporary files

    - | the program has nothing that this fault hits
    """
    from examples._runner import Outcome
    from tests.claims._pages import already_read, read_pages
    from tests.harness.compare.faults import outcome
    from tests.harness.run.faults import Faulty

    if already_read():
        return
    expectation = read_pages().programs["value/smallest"].expectation("fork")
    assert expectation
    right = (ROOT / "examples/value/smallest.out").read_text("utf-8")
    for status, printed, error, left, told in (
        (None, "", "", [], "hangs"),
        (0, right, "", [], "right result"),
        (0, "", "", [], "wrong result"),
        (1, "", "Traceback", [], "status 1, told"),
        (1, "", "", ["left a file behind: a"], "status 1, leaves a file"),
    ):
        assert outcome(Faulty(Outcome(status, printed, error, left), True, 1), expectation) == told
    assert outcome(Faulty(Outcome(), False, 1), expectation) == "-"


def a_later_fault() -> None:
    """For example, if a worker of the `JoinableQueue` is killed after `get()` and before
    `task_done()`, `join()` waits forever.
    """
    told = script(DIES, hangs_after="joins\n")
    assert (told.status, told.stdout) == (None, "joins\n")


def advice() -> None:
    """A fault that comes later can have another outcome.

    results of many tasks | a ProcessPoolExecutor instead of a `Pool`; for the cases in which it
    waits, a time limit

    items of a worker | a Pipe for each worker, and `wait()` from `multiprocessing.connection` for
    the pipes and the `sentinel` of each process

    the end of a worker | look at `exitcode` after each `join()`, and end with `sys.exit("...")`

    a lock | a time limit, or a lock that the system releases
    """
    no_fact("advice, which the pages that it links to show")


def not_always_a_limit() -> None:
    """an event, a condition, a barrier | a `timeout` for `wait()`, and then a look at `exitcode`;
    if a process was killed while it waited, even this may hang
    """
    told = script(WAITER_KILLED, hangs_after="killed\n")
    assert (told.status, told.stdout) == (None, "killed\n")


def complete_programs() -> None:
    """Collect results has complete programs that end with the cause, and Retry tasks goes on
    without what failed. Lost items gives what a dead worker had to another one.

    For workers whose parent is killed, read how they notice it. The next start of a program that
    was killed can find its block of shared memory.

    A fault that kills no process, but spoils files, is a full disk.
    """
    shown("full-disk/in_place", "The old prices are lost", "pool.submit(save")
    shown("started-twice/leftover", "second start: FileExistsError")
    shown("collect-results/return_value", 'sys.exit(f"{title}: exit code {worker.exitcode}")')
    shown("retry-tasks/retried", "failed for good:")
    shown("lost-items/acknowledged", "glass exit code 9", "glass 5 kg")
    shown("end-with-parent/terminated", "parent_process().join()")


def the_parent_is_killed() -> None:
    """If it is the parent that is killed, its workers go on: a `Process` until its function
    returns, also if it is a daemon, and the workers of an executor forever, as they wait for tasks.
    The workers of a `Pool` end after their task at most or, in `map`, after their chunk of tasks.
    """
    shown("claims/daemon_outlives", "daemon=True", "parent.kill()", "the daemon is still running")
    text = (ROOT / "docs/examples/ctrl-c.md").read_text("utf-8")  # where checks show it
    assert "The workers of a `Pool` end without such help" in text
    assert "The workers of an executor wait for tasks forever." in text
    if get_start_method() != "fork":
        return  # under which a killed parent leaves semaphores behind
    near, end = Pipe()
    parent = Process(target=_map, args=(end,))
    parent.start()
    end.close()
    assert near.recv() == 0
    parent.kill()
    parent.join()
    near.send("go on")
    assert near.recv() == 1  # of the same chunk
    near.send("go on")
    with raises(EOFError, ConnectionResetError):  # since the worker has ended
        near.recv()
    near.close()


def _map(end: "Connection[Any, Any]") -> None:
    with Pool(1, _keep, [end]) as pool:
        pool.map(_tell, range(3), chunksize=2)


def _keep(end: "Connection[Any, Any]") -> None:
    global _END
    _END = end


def _tell(number: int) -> None:
    _END.send(number)
    _END.recv()


def watch_the_parent() -> None:
    """To end them all with the parent, let each worker watch its parent."""
    shown("ctrl-c", "parent_process().join()", "def watch_parent():")
