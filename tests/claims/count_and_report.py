"""What docs/examples/count-and-report.md says."""

import os
import time
from ctypes import c_int
from multiprocessing import Event, Process, Queue, Value
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event as EventType
from pathlib import Path
from queue import Empty
from runpy import run_path
from threading import Thread

from tests.claims import PAUSE, SURE, TIME_LIMIT, raises, shown

PROGRAMS = Path(__file__).parents[2] / "examples" / "count-and-report"


class _Reports(list[tuple[int, str]]):
    """Stands in for a queue."""

    def put(self, report: tuple[int, str]) -> None:
        """What a `Queue` does."""
        self.append(report)


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
    `Value`, and put the report on a `Queue` after that. The parent reads every report before
    it joins the worker.

    The report is built inside the `with` block, from the number that the worker has written.

    `reports.put(report)` stands outside the block.

    The parent knows how many reports will come: one for each photo.

    `worker.join()` comes last, when all reports have been read.
    """
    shown(
        "count-and-report/one_worker",
        '            done.value += 1\n            report = f"{done.value}: {photo}"\n'
        "        reports.put(report)",
        "for _ in photos:\n        print(reports.get())\n    worker.join()",
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
        "done.value += 1\n    both_counted.wait()\n    reports.put(done.value)",
        "Counts: [2, 2]",
    )


def a_queue_needs_no_lock() -> None:
    """A `Queue` needs no lock around it, and a lock should be held only briefly."""
    shown("count-and-report/several_workers", "        reports.put((count", "[1, 2, 3, 4, 5, 6]")


def get_waits() -> None:
    """`reports.get()` waits until a report is there.

    A worker dies before its last report. Then `reports.get()` waits forever. If the worker was
    killed, or called `os._exit()`, reports that it has already put may be missing, too, although
    `done.value` counts them. With a limit, `reports.get(timeout=60)`, it raises `queue.Empty` if
    no report has begun to arrive within 60 seconds.
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
    """You need no `sleep`: `get()` and `join()` wait for as long as necessary."""
    shown("count-and-report/one_worker", "reports.get()", "worker.join()", "5: harbor")


def exactly_once() -> None:
    """With several workers, every number is still reported exactly once.

    The parent collects all reports and sorts them, so that the output is always the same.
    """
    shown(
        "count-and-report/several_workers",
        "for photos in SHARES\n    ]",
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
        resize([first], done, reports)
        resize([second], done, reports)
        assert reports == [(1, first), (2, second)]


def outside_the_lock() -> None:
    """The report is built outside the lock."""
    shown("count-and-report/report_outside_lock", "    reports.put(done.value)\n")


def inside_the_lock() -> None:
    """If each worker reads the number while it holds the lock, the reports differ:"""
    shown("count-and-report/report_inside_lock", "        count = done.value", "Counts: [1, 2]")


def without_a_lock() -> None:
    """The addition has no lock. Then updates can be lost."""
    shown("race/unsafe_every_time", "Tickets sold by 4 sellers: 1")


def killed() -> None:
    """If the worker was killed while it was sending a long report, `get()` may wait forever even
    with a limit. If it was killed while it held the lock, all others wait forever for the lock:
    the other workers, and the parent when it reads `done.value`.
    """
    shown("lock-holder-killed/killed_in_put", "bytes(1_000_000)", "get(timeout=1)")
    shown("lock-holder-killed/killed_in_put", "still running after 5 s")
    shown("lock-holder-killed/terminated", "worker.terminate()", "still running after 5 s")


def the_same_under_all() -> None:
    """All four programs print the same under `fork`, `forkserver`, and `spawn`."""
    programs = [path.stem for path in sorted(PROGRAMS.glob("*.py"))]
    outputs = [path.name for path in sorted(PROGRAMS.glob("*.[!p]*"))]
    assert outputs == [f"{name}.out" for name in programs]
    assert len(programs) == 4


def three_things() -> None:
    """Under `forkserver` and `spawn` they need three things: the function `resize` stands at
    module level, the `Value` and the `Queue` are passed as arguments, and the processes are
    started under the main guard.
    """
    shown("local-function/as_target", "def main():\n    def pack", "Can't pickle local object")
    shown("globals/under_guard", "NameError: name 'tax_percent' is not defined")
    shown("main-guard/unguarded", "finished its bootstrapping phase")
