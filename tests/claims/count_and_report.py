"""What docs/examples/count-and-report.md says."""

import os
import sys
import time
from ctypes import c_int
from multiprocessing import Event, Pipe, Process, Queue, Value
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event as EventType
from queue import Empty
from runpy import run_path
from threading import Thread

from tests.claims import PAUSE, ROOT, SURE, TIME_LIMIT, changed, raises, script, shown
from tests.claims._orphans import notices_the_end_of_its_parent

PROGRAMS = ROOT / "examples" / "count-and-report"


class _Reports(list[tuple[int, str]]):
    """Stands in for both ends of a pipe."""

    def send(self, report: tuple[int, str]) -> None:
        """What a `Connection` does."""
        self.append(report)

    def close(self) -> None:
        """Likewise."""


def _hold(number: "Synchronized[int]", holding: EventType, stop: EventType) -> None:
    with number.get_lock():
        holding.set()
        assert stop.wait(TIME_LIMIT)
        number.value += 1


def _read(number: "Synchronized[int]", seen: list[int]) -> None:
    seen.append(number.value)


def _write(number: "Synchronized[int]") -> None:
    number.value = 10


class _Slow:
    """A report that is not pickled yet when the worker dies."""

    def __reduce__(self) -> str:
        time.sleep(TIME_LIMIT)
        return "never sent"


def _die(number: "Synchronized[int]", reports: "Queue[object]") -> None:
    with number.get_lock():
        number.value += 1
    reports.put(_Slow())
    os._exit(1)


def report_while_it_holds_the_lock() -> None:
    """Let the worker add 1 to a `Value` and build its report while it holds the lock of the
    `Value`, and send the report through a pipe after that. The parent receives every report
    before it joins the worker.

    The report is built inside the `with` block, from the number that the worker has written.

    `reports.send(report)` stands outside the block, because a lock should be held only briefly.

    `receiver.recv()` waits until a report is there. When the worker has ended, `recv()` raises
    `EOFError`. The parent knows how many reports must have come by then: one for each photo.

    `worker.join()` comes after that.
    """
    shown(
        "count-and-report/one_worker",
        '            done.value += 1\n            report = f"{done.value}: {photo}"\n'
        "        reports.send(report)",
        "missing = len(photos)\n",
        "print(report)\n        missing -= 1\n    worker.join()\n    if missing or",
        "4: forest\n5: harbor\nPhotos done: 5",
    )


def both_see_it() -> None:
    """`Value("i", 0)` makes one integer in memory that both processes see. `"i"` is the type
    code of a C `int`; see Value.
    """
    assert type(Value("i", 0).get_obj()) is c_int
    shown("count-and-report/one_worker", 'Value("i", 0)', "Photos done: 5")


def another_process_waits() -> None:
    """`with done.get_lock():` acquires the lock that belongs to the `Value`. While the worker
    holds it, another process that reads or writes `done.value` waits. You need no `Lock` of
    your own.
    """
    number = Value("i", 0)
    worker = Process(target=_hold, args=(number, holding := Event(), stop := Event()))
    worker.start()
    assert holding.wait(TIME_LIMIT)
    seen: list[int] = []
    reader = Thread(target=_read, args=(number, seen))
    writer = Thread(target=_write, args=(number,))
    reader.start()
    writer.start()
    writer.join(SURE)
    assert writer.is_alive() and not seen
    stop.set()
    worker.join()
    reader.join()
    writer.join()
    assert number.value == 10


def after_the_block() -> None:
    """After the block, another worker may have changed the number.

    Then the worker reads the number a second time, and another worker may have changed it in
    between. In this program, a Barrier makes both workers wait until both have counted; only
    then do they read. Both report 2, and neither reports 1.
    """
    shown(
        "count-and-report/report_outside_lock",
        "done.value += 1\n    both_counted.wait()\n    report.send(done.value)",
        "Counts: [2, 2]",
    )


def a_queue_needs_no_lock() -> None:
    """A Queue carries reports as well: `reports.put(report)` and `reports.get()`. It needs no lock
    around it, and all workers can share it.
    """
    reports: Queue[int] = Queue()
    workers = [Process(target=reports.put, args=(number,)) for number in (1, 2)]
    for worker in workers:
        worker.start()
    assert sorted(reports.get() for _ in workers) == [1, 2]
    for worker in workers:
        worker.join()


def get_waits() -> None:
    """But it does not tell the parent that a worker has died: if that happens before the last
    report, `reports.get()` waits forever. If the worker was killed, or called `os._exit()`, reports
    that it has already put may be missing, too, although `done.value` counts them. With a limit,
    `reports.get(timeout=60)`, it raises `queue.Empty` if no report has begun to arrive within 60
    seconds.
    """
    number = Value("i", 0)
    reports: Queue[object] = Queue()
    worker = Process(target=_die, args=(number, reports))
    worker.start()
    worker.join()
    assert number.value == 1
    with raises(Empty):
        reports.get(timeout=PAUSE)
    reader = Thread(target=reports.get)
    reader.start()
    reader.join(SURE)
    assert reader.is_alive()
    reports.put("of nobody")
    reader.join()


def the_other_order() -> None:
    """The other order can wait forever."""
    shown("queue-deadlock/join_first", "camera.join()", "still running after 5 s")


def no_sleep() -> None:
    """You need no `sleep`: `recv()` and `join()` wait for as long as necessary."""
    shown("count-and-report/one_worker", "receiver.recv()", "worker.join()", "5: harbor")


def exactly_once() -> None:
    """With several workers, every number is still reported exactly once.

    Each worker has a pipe of its own, and `wait()` returns those that have a report or whose
    worker has ended. The parent collects all reports and sorts them, so that the output is always
    the same. Under `fork`, a worker inherits the receiving ends of the workers before it, too, and
    closes them.
    """
    program = "count-and-report/several_workers"
    assert notices_the_end_of_its_parent(program, "workers", "reports")
    shown(
        "count-and-report/several_workers",
        "for photos in SHARES:\n        receiver, reports = Pipe(duplex=False)",
        "for receiver in wait(workers):",
        "sorted(count for count, photo in received)",
        "Output\nCounts: [1, 2, 3, 4, 5, 6]",
    )


def depends_on_timing() -> None:
    """Which worker gets which number, and in which order the reports arrive, depends on
    timing.
    """
    resize = run_path(str(PROGRAMS / "several_workers.py"))["resize"]
    for first, second in ["beach", "castle"], ["castle", "beach"]:
        done, reports = Value("i", 0), _Reports()
        resize([first], done, reports, [])
        resize([second], done, reports, [])
        assert reports == [(1, first), (2, second)]


def outside_the_lock() -> None:
    """The report is built outside the lock."""
    shown("count-and-report/report_outside_lock", "    report.send(done.value)\n")


def inside_the_lock() -> None:
    """If each worker reads the number while it holds the lock, the reports differ:"""
    shown("count-and-report/report_inside_lock", "        count = done.value", "Counts: [1, 2]")


def without_a_lock() -> None:
    """The addition has no lock. Then updates can be lost."""
    shown("race/unsafe_every_time", "Tickets sold by 4 sellers: 1")


def if_a_worker_fails() -> None:
    """If a worker fails or is killed, the program names it and ends, where with a Queue the parent
    waits forever.

    Because the parent has closed its copy of the sending end, `recv()` raises `EOFError` (on
    Windows, not always) also if a worker has raised an exception, called `sys.exit()`, or was
    killed. Then the program names the worker and its exit code, or says that reports are missing,
    and ends with exit status 1. It does not read `done`, because a worker that was killed while it
    held the lock makes all others wait for it forever. The workers are daemons, so Python
    terminates those that wait.
    """
    shown("lock-holder-killed/terminated", "worker.terminate()", "still running after 5 s")
    shown(
        "count-and-report/several_workers", "worker.start()\n        reports.close()", "daemon=True"
    )
    place = "            done.value += 1\n"
    for name, line, code in [
        ("one_worker", "            sys.exit()\n", 0),
        ("several_workers", "            import os; os._exit(1)\n", 1),  # with the lock
    ]:
        outcome = script(changed(f"count-and-report/{name}", (place, place + line)))
        assert (outcome.status, outcome.stdout) == (1, "")
        assert f": exit code {code}\n" in outcome.stderr
    own = "        print(report)\n", "        open(report)\n"  # an error is not hidden
    outcome = script(changed("count-and-report/one_worker", own))
    assert (outcome.status, outcome.stdout) == (1, "")
    assert "FileNotFoundError" in outcome.stderr


def the_handler() -> None:
    """The handler ends the program with its workers when it gets SIGTERM. It is set after
    the worker has been started, so that the worker does not inherit it under `fork`.
    """
    shown("count-and-report/one_worker", "worker.start()", "signal.signal(signal.SIGTERM")
    if sys.platform != "win32":
        outcome = script(
            changed(
                "count-and-report/one_worker",
                ("    for photo in", "    from time import sleep; sleep(30)\n    for photo in"),
                ("    missing =", "    signal.raise_signal(signal.SIGTERM)\n    missing ="),
            )
        )
        assert outcome.status == 1
        assert outcome.stderr.startswith("terminated\n")


def the_parent_ends() -> None:
    """If the parent is killed, the worker ends at its next `send()`; for that it closes its copy of
    the receiving end.
    """
    resize = run_path(str(PROGRAMS / "one_worker.py"))["resize"]
    receiver, reports = Pipe(duplex=False)
    of_parent, other = Pipe(duplex=False)
    receiver.close()  # as the end of the parent does
    with reports, other, raises(OSError):
        resize(["beach"], Value("i", 0), reports, of_parent)
    assert of_parent.closed


def stopped() -> None:
    """A worker that is stopped or never ends is waited for, unless you set a time limit."""
    shown("stop-early/time_limit", "worker.join(timeout=0.5)", "worker.kill()")


def killed() -> None:
    """If the worker was killed while it was sending a long report, `get()` may wait forever even
    with a limit.
    """
    shown("lock-holder-killed/killed_in_put", "bytes(1_000_000)", "get(timeout=1)")
    shown("lock-holder-killed/killed_in_put", "still running after 5 s")


def the_same_under_all() -> None:
    """All four programs print the same under `fork`, `forkserver`, and `spawn`."""
    programs = [path.stem for path in sorted(PROGRAMS.glob("*.py"))]
    outputs = [path.name for path in sorted(PROGRAMS.glob("*.[!p]*"))]
    assert outputs == [f"{name}.out" for name in programs]
    assert len(programs) == 4


def three_things() -> None:
    """Under `forkserver` and `spawn` they need three things: the function `resize` stands at
    module level, the `Value` and the `Connection` objects of the pipe are passed as arguments, and
    the processes are started under the main guard.
    """
    shown("local-function/as_target", "def main():\n    def pack", "Can't pickle local object")
    shown("globals/under_guard", "NameError: name 'tax_percent' is not defined")
    shown("main-guard/unguarded", "finished its bootstrapping phase")
