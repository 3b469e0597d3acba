"""What docs/pitfalls/children-not-joined.md says."""

import weakref
from multiprocessing import Lock, Process, get_start_method

from tests.claims import changed, script, shown

EACH_KIND = """
from multiprocessing import (
    Array, Barrier, Condition, Event, Process, Queue, Semaphore, Value,
)

KINDS = [
    Queue, Event, Condition, Semaphore,
    lambda: Value("i", 0), lambda: Array("i", 3), lambda: Barrier(2),
]

class Gate:
    def __init__(self, event):
        self.event = event

    def __setstate__(self, state):
        state["event"].wait()

def work(gate, shared):
    pass

if __name__ == "__main__":
    codes = []
    for make in KINDS:
        event = Event()
        child = Process(target=work, args=(Gate(event), make()))
        child.start()
        event.set()
        child.join()
        codes.append(child.exitcode)
    print(codes)
"""
OF_AN_EXECUTOR = """
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from gc import collect
from multiprocessing import Event, Lock

class Gate:
    def __init__(self, event):
        self.event = event

    def __setstate__(self, state):
        state["event"].wait()

def begin(gate, lock):
    pass

def start(event):
    executor = ProcessPoolExecutor(1, None, begin, (Gate(event), Lock()))
    return executor.submit(abs, -1), {kept}

if __name__ == "__main__":
    event = Event()
    task, *kept = start(event)
    collect()
    event.set()
    try:
        print(task.result())
    except BrokenProcessPool:
        print("BrokenProcessPool")
"""
AT_MODULE_LEVEL = """
from multiprocessing import Lock, Pipe, Process
from multiprocessing.util import Finalize

class Gate:
    def __init__(self, source):
        self.source = source

    def __setstate__(self, state):
        state["source"].recv()

def work(gate, lock, has_it):
    with lock:
        has_it.send(None)
        print("done", flush=True)

if __name__ == "__main__":
    source, sink = Pipe(duplex=False)
    child_source, child_sink = Pipe(duplex=False)
    late = Finalize(None, sink.send, (None,), exitpriority=0)  # runs after that of the lock
    lock = Lock()
    Process(target=work, args=(Gate(source), lock, child_sink)).start()
    if {parent_is_faster}:
        print("end", flush=True)
    else:
        sink.send(None)
        child_source.recv()
"""
JOIN = """for child in active_children():  # none under `fork`, if it has ended
        sink.send(None)
        child.join()
"""
OF_A_PROCESS = """
from gc import collect
from multiprocessing import Lock, Pipe, Process, active_children
from multiprocessing.util import Finalize

class Gate:
    def __init__(self, source):
        self.source = source

    def __setstate__(self, state):
        state["source"].recv()

class Report(Process):
    def __init__(self, source):
        super().__init__()
        self.gate = Gate(source)
        self.lock = Lock()

    def run(self):
        with self.lock:
            print("done", flush=True)

if __name__ == "__main__":
    source, sink = Pipe(duplex=False)
    late = Finalize(None, sink.send, (None,), exitpriority=0)  # runs after that of the lock
    Report(source).start()
    collect()
    {end}
"""


class Argument:
    """An argument of a child."""


def _nothing(_: Argument) -> None:
    pass


def _fail() -> None:
    raise SystemExit(3)


def keep_it() -> None:
    """Keep every lock and queue in a variable until you have called `join()` on each child that
    uses it.
    """
    shown("children-not-joined/lock_kept", "lock = Lock()", "report.join()", "Report printed")


def in_setstate() -> None:
    """One or more children die at their start, in `__setstate__` of `synchronize.py`, at the line
    `self._semlock = _multiprocessing.SemLock._rebuild(*state)`.

    A `Queue`, `Value`, `Array`, `Event`, `Condition`, `Semaphore` or `Barrier` has a lock or a
    semaphore inside, and fails in the same way.

    None of this happens under `fork`.
    """
    outcome = script(EACH_KIND)
    fails = get_start_method() != "fork"
    assert outcome.stdout == f"{[int(fails)] * 7}\n"
    assert outcome.status == 0
    where = "    self._semlock = _multiprocessing.SemLock._rebuild(*state)\n"
    assert outcome.stderr.count(where) == 7 * fails
    assert outcome.stderr.count(", in __setstate__\n" + where) == 7 * fails
    assert outcome.stderr.count("\nFileNotFoundError: [Errno 2] No such file or ") == 7 * fails


def of_an_executor() -> None:
    """An executor keeps the lock in its `initargs`, but only as long as something refers to the
    executor. So keep the executor, too, until its tasks are done; if a function returns only the
    futures, the workers die in the same way, and `result()` raises `BrokenProcessPool`.
    """
    kept = script(OF_AN_EXECUTOR.format(kept="executor"))
    assert (kept.status, kept.stdout, kept.stderr) == (0, "1\n", "")
    gone = script(OF_AN_EXECUTOR.format(kept="None"))
    fails = get_start_method() != "fork"
    assert gone.stdout == ("BrokenProcessPool\n" if fails else "1\n")
    where = "    self._semlock = _multiprocessing.SemLock._rebuild(*state)\n"
    assert (where in gone.stderr) == fails


def the_parent_succeeds() -> None:
    """The output of these children is missing, but the parent ends with exit status 0:"""
    shown(
        "children-not-joined/lock_gone",
        'print("Report printed")',
        "Standard error, with ... for what differs\n",
        "FileNotFoundError: [Errno 2] No such file or directory",
    )


def only_the_name() -> None:
    """Under `fork`, a child is a copy of its parent, and has the lock at once. Under `forkserver`
    and `spawn`, the child receives only the name of the lock, and opens the lock by that name
    when it unpickles its arguments.
    """
    name = Lock()._semlock.name  # type: ignore[attr-defined]
    assert (name is None) == (get_start_method() == "fork")
    shown("children-not-joined/lock_gone", "Report printed", "FileNotFoundError")


def after_start() -> None:
    """That may happen after `start()` has returned. When nothing in the parent refers to the lock
    any more, for example because the function that made it has returned, Python removes the lock
    from the system. If the child has not opened the lock by then, the name leads nowhere: the
    `FileNotFoundError` is about the lock, not about a file of yours.
    """
    shown(
        "children-not-joined/lock_gone",
        "lock = Lock()\n    report = Process(",
        "report.start()\n\n\ndef main():",
        "start_report(source)\n        sink.send(",
        "FileNotFoundError",
    )


def start_drops_the_arguments() -> None:
    """The process object does not keep the lock alive, because `start()` drops the arguments."""
    argument = Argument()
    known = weakref.ref(argument)
    process = Process(target=_nothing, args=(argument,))
    del argument
    assert known() is not None
    process.start()
    assert known() is None
    process.join()


def at_the_end_of_the_program() -> None:
    """At the end of the program, also after an exception, the parent waits for its children, except
    for daemons, but even a lock in a global variable is removed before that.

    Under `forkserver` and `spawn`, whether a child fails there depends on which process is
    faster.
    """
    fast = script(AT_MODULE_LEVEL.format(parent_is_faster=False))
    assert (fast.status, fast.stdout, fast.stderr) == (0, "done\n", "")
    slow = script(AT_MODULE_LEVEL.format(parent_is_faster=True))
    fails = get_start_method() != "fork"
    assert slow.status == 0
    assert sorted(slow.stdout.split()) == (["end"] if fails else ["done", "end"])
    assert ("FileNotFoundError" in slow.stderr) == fails
    code = AT_MODULE_LEVEL.format(parent_is_faster=True)
    raises = script(code.replace('print("end", flush=True)', 'raise ValueError("end")'))
    assert (raises.status, raises.stdout) == (1, "" if fails else "done\n")
    assert "ValueError: end" in raises.stderr
    assert ("FileNotFoundError" in raises.stderr) == fails


def every_time() -> None:
    """`Invoices` makes the program fail every time: the child cannot read its first argument
    before the parent has let go of the lock.
    """
    shown(
        "children-not-joined/lock_gone",
        'state["source"].recv()',
        "args=(Invoices(source), lock)",
        "start_report(source)\n        sink.send(",
    )


def main_joins() -> None:
    """`main()` makes the lock, and does not return before it has joined the child:"""
    shown(
        "children-not-joined/lock_kept", "def main():\n    lock = Lock()", "        report.join()\n"
    )


def start_all_join_all() -> None:
    """With several children, keep them in a list: start all, then join all. If they put items into
    a queue, read these before you join.
    """
    shown("queue-deadlock/join_first", "camera.join()\n    print", "still running after 5 s")
    shown("queue-deadlock/drained_first", "Received 1000000 bytes")
    shown(
        "children-not-joined/join_all",
        "report.start()",
        "report.join()",
        "Reports printed: 10\nExit",
    )


def look_at_the_exit_code() -> None:
    """`join()` raises nothing when a child has failed. Look at `exitcode`, which is 0 if the child
    succeeded.
    """
    failed = Process(target=_fail)
    failed.start()
    failed.join()
    assert failed.exitcode == 3
    shown("children-not-joined/join_all", "Exit codes: {0}")


def as_an_attribute() -> None:
    """It is the same with a class: `self.lock = Lock()` in a method keeps the lock only as long as
    something refers to the object, and after `Reports().start_all()` nothing does.
    """
    function = """def start_report(source):
    lock = Lock()
    report = Process(target=print_report, args=(Invoices(source), lock))
    report.start()
"""
    method = """class Reports:
    def start_all(self, source):
        self.lock = Lock()
        args = (Invoices(source), self.lock)
        Process(target=print_report, args=args).start()
"""
    code = changed(
        "children-not-joined/lock_gone",
        (function, method),
        ("        start_report(source)", "        Reports().start_all(source)"),
    )
    told = script(code)
    assert ("FileNotFoundError" in told.stderr) == (get_start_method() != "fork")


def of_a_process() -> None:
    """If the class is a subclass of `Process`, Python keeps the object until the child has ended,
    but the end of the program removes its lock all the same.
    """
    told = script(OF_A_PROCESS.format(end=JOIN))
    assert (told.status, told.stdout, told.stderr) == (0, "done\n", "")
    told = script(OF_A_PROCESS.format(end="pass"))
    fails = get_start_method() != "fork"
    assert told.stdout == ("" if fails else "done\n")
    assert ("FileNotFoundError" in told.stderr) == fails
