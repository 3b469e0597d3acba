"""What docs/examples/progress-bar.md says."""

import signal
import sys
from collections.abc import Callable, Iterable
from io import StringIO
from multiprocessing import Event, Pool, Process, SimpleQueue, get_start_method
from multiprocessing import TimeoutError as PoolTimeout
from multiprocessing.connection import wait
from multiprocessing.synchronize import Event as EventType
from threading import Thread
from time import sleep
from warnings import catch_warnings, simplefilter

from tests.claims import PAUSE, ROOT, SURE, TIME_LIMIT, changed, no_fact, raises, script, shown
from tests.claims._orphans import notices_the_end_of_its_parent

PROGRAMS = ROOT / "examples" / "progress-bar"

go_on: EventType  # of a worker: its initializer sets it


class _Terminal(StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def _share(an_event: EventType) -> None:
    global go_on
    go_on = an_event


def _wait_if_0(number: int) -> int:
    if not number:
        assert go_on.wait(TIME_LIMIT)
    return number


def _fail() -> int:
    raise LookupError("no such photo")


def _fail_before_the_last_step(steps: "SimpleQueue[int]") -> None:
    steps.put(1)
    sys.exit(1)


def _all_wait(calls: Iterable[Callable[[], object]], release: Callable[[], None]) -> list[object]:
    """What the calls return, once they have waited side by side until they are released."""
    returned: dict[int, object] = {}

    def run(number: int, call: Callable[[], object]) -> None:
        returned[number] = call()

    threads = [Thread(target=run, args=call, daemon=True) for call in enumerate(calls)]
    for thread in threads:
        thread.start()
    sleep(SURE)
    assert not returned
    release()
    for thread in threads:
        thread.join()
    return [returned[number] for number in range(len(threads))]


def count_the_results() -> None:
    """Let the parent count the results as they come back: `as_completed()` gives the future of
    each task as soon as the task is done.

    The iterator of `as_completed()` has no length, so tqdm needs `total=`.

    `result()` of each future gives the result, or raises the exception of a failed task. Call it
    also if you do not need the result.

    The results come in any order.

    `executor.map()` gives the results in the order of the tasks, so a bar around it waits for a
    slow task even if later ones are done.

    The bar is full, and results are missing: nothing has called `result()` of the failed tasks.
    """
    from concurrent.futures import ProcessPoolExecutor, as_completed

    from tqdm import tqdm

    event = Event()
    with ProcessPoolExecutor(2, initializer=_share, initargs=(event,)) as executor:
        tasks = [executor.submit(_wait_if_0, number) for number in [0, 1]]
        done = as_completed(tasks)
        assert not hasattr(done, "__len__")
        assert next(done) is tasks[1]
        mapped = executor.map(_wait_if_0, [0, 1])
        assert _all_wait([lambda: next(mapped)], event.set) == [0]
        failed = executor.submit(_fail)
        tasks.append(failed)
        bar = tqdm(as_completed(tasks), total=len(tasks), file=StringIO())
        for _ in bar:
            pass
        assert bar.n == bar.total == 3
        with raises(LookupError):
            failed.result()


def with_a_pool() -> None:
    """Each step of the iterator waits for the next result, from any task, so use
    `tqdm(pool.imap_unordered(resize, photos), total=len(photos))`. `map()` returns only when all
    tasks are done, so a bar around it would begin only then. If you have very many small tasks,
    give `imap_unordered()` a `chunksize`; the bar then moves by a whole chunk at a time.
    """
    from tqdm import tqdm

    event = Event()
    with Pool(4, initializer=_share, initargs=(event,)) as pool:
        single = pool.imap_unordered(_wait_if_0, [0, 1])
        assert not hasattr(single, "__len__")
        assert tqdm(single, disable=True).total is None
        assert next(single) == 1
        chunks = pool.imap_unordered(_wait_if_0, [1, 0], chunksize=2)
        calls = [
            lambda: next(single),
            lambda: next(chunks),
            lambda: pool.map(_wait_if_0, [1, 0], chunksize=1),
        ]
        assert _all_wait(calls, event.set) == [0, 1, [1, 0]]
        assert next(chunks) == 0


def if_a_worker_fails() -> None:
    """If a task fails or a worker is killed, the bar stops, and the program ends with the error.

    If a worker is killed, `result()` raises `BrokenProcessPool`, apart from some cases in which the
    program waits. After a `sys.exit(3)` in a task, `result()` raises `SystemExit`, and the program
    ends with status 3 and no message. If a task fails, and at Ctrl-C, the end of the `with` block
    waits for all other tasks before the program ends: cancel them if there are many. A second
    Ctrl-C, or a third, can make the program hang. To go on after a failed task, catch its exception
    around `result()`.
    """
    from concurrent.futures import ProcessPoolExecutor

    from tests.claims import ctrl_c

    ctrl_c.a_second_one_in_an_executor()
    ctrl_c.a_third_one_in_an_executor()
    place = "def resize(photo):\n"
    for line, status, told in [
        ("    if photo == 7: os._exit(1)\n", 1, "BrokenProcessPool"),
        ("    if photo == 7: import sys; sys.exit(3)\n", 3, ""),
    ]:
        outcome = script(changed("progress-bar/standard_library", (place, place + line)))
        assert outcome.status == status
        assert told in outcome.stderr and bool(told) == bool(outcome.stderr)
        assert "KiB" not in outcome.stdout
    event = Event()
    executor = ProcessPoolExecutor(1, initializer=_share, initargs=(event,))
    failed, *others = [executor.submit(_fail), *(executor.submit(_wait_if_0, 0) for _ in range(4))]
    with raises(LookupError):
        failed.result()
    _all_wait([executor.shutdown], event.set)
    assert [task.result() for task in others] == [0] * 4
    with raises(KeyboardInterrupt), ProcessPoolExecutor(1) as executor:
        others = [executor.submit(abs, -1) for _ in range(20)]
        signal.raise_signal(signal.SIGINT)
    assert [task.result(0) for task in others] == [1] * 20


def a_worker_that_is_stopped() -> None:
    """A worker that is stopped or never ends is waited for, unless you set a time limit.

    The end of the `with` block still waits for a task that never ends: run such a task in a
    process that you can end.
    """
    from concurrent.futures import ProcessPoolExecutor, as_completed

    event = Event()
    executor = ProcessPoolExecutor(1, initializer=_share, initargs=(event,))
    task = executor.submit(_wait_if_0, 0)
    with raises(TimeoutError):
        next(as_completed([task], timeout=PAUSE))
    _all_wait([executor.shutdown], event.set)


def watch_parent() -> None:
    """`watch_parent` lets the workers end with their parent, even if it is killed."""
    shown("progress-bar/with_tqdm", "parent_process().join()", "os._exit(1)")
    shown("ctrl-c", "parent_process().join()", "os._exit(1)")  # there the parent is killed


def where_a_bar_is_drawn() -> None:
    """In a terminal, tqdm draws the bar above this line. With `disable=None` it draws no bar
    where standard error is not a terminal, as in the run that was checked here. Leave out
    `disable=None` to have the bar everywhere.
    """
    from tqdm import tqdm

    for stream, options, is_drawn in [
        (_Terminal(), {"disable": None}, True),
        (StringIO(), {"disable": None}, False),
        (StringIO(), {}, True),
    ]:
        for _ in tqdm(range(3), file=stream, **options):
            pass
        assert ("3/3" in stream.getvalue()) == is_drawn
    shown("progress-bar/with_tqdm", "disable=None", "Output\n40 photos, 82000 KiB")


def without_uv() -> None:
    """Without uv, call `pip install tqdm` first."""
    shown("progress-bar/with_tqdm", '# dependencies = ["tqdm"]', "from tqdm import tqdm")


def which_is_which() -> None:
    """Return the input with the result, as `resize` does, so that you know which is which."""
    shown("progress-bar/with_tqdm", "return photo, photo * 100", "sizes[photo] = size")


def only_the_parent_prints() -> None:
    """The workers print nothing. Only the parent prints, so no lines mix."""
    shown("progress-bar/standard_library", "    return photo * 100", "40 of 40 ####")
    shown("mixed-output/parent_prints", "Output\napple packed\npear packed")


def of_many_items() -> None:
    """For more than 1,000 items, it warns with a `TqdmWarning` unless you set `chunksize`."""
    from tqdm import TqdmWarning
    from tqdm.contrib.concurrent import process_map

    told = []
    with catch_warnings(record=True) as caught:  # Python may warn of something else meanwhile
        simplefilter("always")
        for count, options in (1000, {"chunksize": 1000}), (1001, {"chunksize": 1001}), (1001, {}):
            process_map(abs, range(count), max_workers=1, disable=True, **options)
            told.append([warning.category for warning in caught].count(TqdmWarning))
    assert told == [0, 0, 1]


DRAWS = """
import os
from io import StringIO
from multiprocessing import Process
from tqdm import tqdm

def draw():
    tqdm.get_lock().acquire()  # as tqdm does while it draws
    os._exit(1)

if __name__ == "__main__":
    bar = tqdm(total=2, file=StringIO())
    worker = Process(target=draw)
    worker.start()
    worker.join()
    print("begins", flush=True)
    bar.refresh()
"""


def a_worker_that_draws() -> None:
    """The bar stops, and the program hangs, under `fork`: a worker was killed while it drew a bar
    of its own, and so held tqdm's lock, which it had inherited. Draw only in the parent.
    """
    if get_start_method() == "fork":
        assert script(DRAWS, hangs_after="begins").status is None


def killed_in_a_pool() -> None:
    """If a worker of a `Pool` is killed, or if a task calls `sys.exit()`, the loop waits forever.
    So prefer the executor.
    """
    shown("killed-worker/pool_hangs", "os._exit(1)", "still running after 5 s")
    with Pool(1) as pool:
        (worker,) = pool._pool  # type: ignore[attr-defined]
        results = pool.imap_unordered(sys.exit, [3])
        assert wait([worker.sentinel], TIME_LIMIT)
        with raises(PoolTimeout):
            results.next(PAUSE)


def two_steps() -> None:
    """With two tasks, the bar would have only two steps. Let each task report its own steps
    through a pipe of its own:
    """
    shown("progress-bar/inside_tasks", '["Metropolis", "Nosferatu"]', "steps.send(film)", " 25 %\n")


def a_pipe_tells() -> None:
    """When a worker has ended, `recv()` raises `EOFError` (on Windows, not always), because the
    parent has closed its copy of the sending end. If the exit code is not 0, the program names the
    worker, and ends with exit status 1. If it is 0, the number of steps tells whether some are
    missing.
    """
    shown("progress-bar/inside_tasks", "worker.start()\n        steps.close()", "EOFError")
    place = "        steps.send(film)\n"
    for line, told in [
        ("        raise ValueError\n", ": exit code 1\n"),
        ("        return\n", "steps are missing\n"),
    ]:
        outcome = script(changed("progress-bar/inside_tasks", (place, place + line)))
        assert (outcome.status, outcome.stdout) == (1, "")
        assert told in outcome.stderr


def the_parent_ends() -> None:
    """If the parent ends, even if it is killed, each worker ends at its next `send()`; for that it
    closes its copies of the receiving ends, also those of the workers before it, which it inherits
    under `fork`.
    """
    assert notices_the_end_of_its_parent("progress-bar/inside_tasks", "workers", "steps")


def every_hundredth() -> None:
    """If a step is shorter than the time that a message takes, report only every hundredth
    step, or count the steps in a Value that the parent reads from time to time.
    """
    no_fact("advice")


def the_bar_stops() -> None:
    """A `Queue` that all workers share does not tell who is dead.

    The bar stops, and the program hangs: a process failed before its last step and no pipe told
    the parent, a worker of a pool was killed, or an exception could not be sent back.
    """
    steps: SimpleQueue[int] = SimpleQueue()
    process = Process(target=_fail_before_the_last_step, args=(steps,))
    process.start()
    process.join()
    assert steps.get() == 1
    assert _all_wait([steps.get], lambda: steps.put(2)) == [2]
    shown("killed-worker/pool_hangs", "os._exit(1)", "still running after 5 s")
    shown("unpicklable-exception/pool_hangs", "still running after 5 s")


def the_loop_ends() -> None:
    """The bar stops, and the program ends with a traceback: in a loop over `imap_unordered()`, a
    failed task raises its exception, and the loop ends. To go on after it, catch the exception
    in the function, and return it.

    The bar never gets full: with `apply_async`, a failed task does not call `callback`. It
    calls `error_callback`.
    """
    from tqdm import tqdm

    results: list[object] = []
    errors: list[BaseException] = []
    done = 0
    with Pool(1) as pool:
        with raises(ValueError, text="photo"):
            for _ in tqdm(pool.imap_unordered(int, ["1", "photo", "3"]), total=3, disable=True):
                done += 1
        assert done == 1
        pool.apply_async(_fail, callback=results.append, error_callback=errors.append).wait()
    assert not results
    assert [str(error) for error in errors] == ["no such photo"]
