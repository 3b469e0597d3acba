"""What docs/examples/progress-bar.md says."""

import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from io import StringIO
from multiprocessing import Event, Pool, Process, SimpleQueue, get_start_method
from multiprocessing.synchronize import Event as EventType
from threading import Thread
from time import sleep
from unittest.mock import patch

from tqdm import TqdmWarning, tqdm
from tqdm.contrib.concurrent import process_map

from tests.claims import SURE, TIME_LIMIT, no_fact, raises, script, shown

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
    """Let the parent count the results as they come back: `imap_unordered()` gives each result
    as soon as it is there.

    `imap_unordered()` returns an iterator at once. Each step of the iterator waits for the next
    result, from any task.

    The results come in any order.

    If you have very many small tasks, give `imap_unordered()` a `chunksize`; the bar then moves
    by a whole chunk at a time.

    `map()` returns only when all tasks are done, so a bar around it would begin only then.

    The iterator has no length, so tqdm needs `total=`.
    """
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


def where_a_bar_is_drawn() -> None:
    """In a terminal, tqdm draws the bar above this line. With `disable=None` it draws no bar
    where standard error is not a terminal, as in the run that was checked here. Leave out
    `disable=None` to have the bar everywhere.
    """
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
    with patch("warnings.warn") as warn:
        for count, options in (1000, {"chunksize": 1000}), (1001, {"chunksize": 1001}), (1001, {}):
            assert not warn.called
            process_map(abs, range(count), max_workers=1, disable=True, **options)
    assert [call.args[1] for call in warn.call_args_list] == [TqdmWarning]


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


def the_future_of_each_task() -> None:
    """`as_completed()` gives the future of each task as soon as the task is done. For a bar, use
    `tqdm(as_completed(tasks), total=len(tasks))`. Call `result()` of each future, because this
    is what raises the exception of a failed task.

    The bar is full, and results are missing: nothing has called `result()` of the failed tasks.
    """
    event = Event()
    with ProcessPoolExecutor(2, initializer=_share, initargs=(event,)) as executor:
        tasks = [executor.submit(_wait_if_0, number) for number in [0, 1]]
        assert next(as_completed(tasks)) is tasks[1]
        event.set()
        failed = executor.submit(_fail)
        tasks.append(failed)
        bar = tqdm(as_completed(tasks), total=len(tasks), file=StringIO())
        for _ in bar:
            pass
        assert bar.n == bar.total == 3
        with raises(LookupError):
            failed.result()


def two_steps() -> None:
    """With two tasks, the bar would have only two steps. Let each task report its own steps
    through a queue:
    """
    shown("progress-bar/inside_tasks", '["Metropolis", "Nosferatu"]', "steps.put(film)", " 25 %\n")


def every_hundredth() -> None:
    """If a step is shorter than the time that a message takes, report only every hundredth
    step, or count the steps in a Value that the parent reads from time to time.
    """
    no_fact("advice")


def the_bar_stops() -> None:
    """The bar stops, and the program hangs: a process failed before its last step, a worker of
    a pool was killed, or an exception could not be sent back.
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
