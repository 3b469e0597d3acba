"""What docs/examples/collect-results.md says."""

import operator
import os
import signal
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from importlib import import_module
from itertools import chain
from multiprocessing import (
    Event,
    Manager,
    Pipe,
    Pool,
    Process,
    SimpleQueue,
    TimeoutError,
    get_start_method,
)
from multiprocessing.connection import Connection, wait
from multiprocessing.synchronize import Event as EventType
from pickle import PicklingError
from threading import Thread
from typing import Any

from tests.claims import PAUSE, SURE, TIME_LIMIT, changed, no_fact, raises, script, shown
from tests.claims._starts import CTRL_C, IN_A_SUBMIT, MANAGER_ENDS, SIGTERM, STARTS, ends, waits

event: EventType  # of a worker: its initializer sets it


TOLD_TO_END = """
import os
import signal
from multiprocessing import Manager


def main():
    with Manager() as manager:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        print(manager._process.pid, flush=True)
        os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
"""


class _Travels:
    """Is replaced by the numbers of the processes that pickle and unpickle it."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return _unpickled, (os.getpid(),)


def _unpickled(pickled_in: int) -> tuple[int, int]:
    return pickled_in, os.getpid()


def _travel(_: int) -> tuple[int, object]:
    return os.getpid(), _Travels()


def _share(an_event: EventType) -> None:
    global event
    event = an_event


def _second_first(number: int) -> int:
    """0 is done only after 1 has been begun."""
    if number:
        event.set()
    else:
        assert event.wait(TIME_LIMIT)
    return number


def _wait_if_0(number: int) -> int:
    if not number:
        assert event.wait(TIME_LIMIT)
    return number


def _add(left: int, right: int) -> int:
    return left + right


def _exit(status: int, _: Connection) -> None:
    sys.exit(status)


def _fail_before_put_is_done(results: "SimpleQueue[object]") -> None:
    try:
        results.put(lambda: 0)
    except (AttributeError, PicklingError):
        sys.exit(1)


def _put(results: "SimpleQueue[bytes]", begun: EventType) -> None:
    begun.set()
    results.put(bytes(1_000_000))


def in_the_order_of_the_tasks() -> None:
    """Use `map` of a `ProcessPoolExecutor`: it calls a function in worker processes, and gives the
    results in the order of the tasks.

    `map` submits all tasks, and `list` waits for their results.

    `submit` returns a future, an object that will hold the result of this one task.

    To get the results in an order of your own, call `result()` of the futures in that order: it
    waits for the result of its task.
    """
    shown("collect-results/executor_map", "list(executor.map(count_words, chapters))")
    with ProcessPoolExecutor(2, initializer=_share, initargs=(go_on := Event(),)) as executor:
        assert list(executor.map(_second_first, [0, 1])) == [0, 1]
        go_on.clear()
        futures = [executor.submit(_wait_if_0, number) for number in [0, 1]]
        assert futures[1].result() == 1
        assert not futures[0].done()
        go_on.set()
        assert futures[0].result() == 0


def if_a_worker_is_killed() -> None:
    """If a worker is killed, it raises `BrokenProcessPool`, apart from some cases; a `Pool` waits
    forever.

    If a worker is killed, or if a task calls `sys.exit()`, they wait forever.
    """
    from tests.claims._executors import an_executor_waits

    assert an_executor_waits()
    shown("killed-worker/executor_raises", "os._exit(1)", "BrokenProcessPool: A process in")
    shown("killed-worker/pool_hangs", "pool.map(", "os._exit(1)", "still running after 5 s")
    with Pool(1) as pool:
        (worker,) = pool._pool  # type: ignore[attr-defined]
        ended = pool.map_async(sys.exit, [3])
        results = pool.imap_unordered(sys.exit, [3])
        assert wait([worker.sentinel], TIME_LIMIT)
        ended.wait(SURE)
        assert not ended.ready()
        with raises(TimeoutError):
            results.next(PAUSE)


def pickled_and_unpickled() -> None:
    """What `count_words` returns is pickled in the worker, and unpickled in the parent. So the
    result is a copy, and it must be something that can be pickled.

    For a function with several parameters, pass one list for each:
    `executor.map(count_words, titles, texts)`.

    For a function with several parameters, use `starmap` with a list of tuples.
    """
    with ProcessPoolExecutor(1) as executor:
        (worker, travelled), *_ = executor.map(_travel, [1])
        assert list(executor.map(_add, [1, 3], [2, 4])) == [3, 7]
    assert travelled == (worker, os.getpid())
    assert worker != os.getpid()
    shown("unpicklable-result/in_pool", "MaybeEncodingError: Error sending result")
    with Pool(1) as pool:
        assert pool.starmap(_add, [(1, 2), (3, 4)]) == [3, 7]


def raised_again() -> None:
    """If a task raises an exception, `list` raises it again in the parent, and all results are
    lost. To keep the others, let the function return its exception.
    """
    shown("exceptions/map_ends", "Error: invalid", "After it: []")
    shown("exceptions/map_with_errors", "sum 9 and 1 error")
    with ProcessPoolExecutor(1) as executor, raises(ValueError):
        list(executor.map(int, ["free"]))


def they_end_with_the_parent() -> None:
    """The `initializer` lets the workers end when their parent is killed, and ignore Ctrl-C, which
    then interrupts only the parent.
    """
    shown("collect-results/executor_map", "signal.signal(signal.SIGINT, signal.SIG_IGN)")
    shown("ctrl-c/clean_end", "signal.signal(signal.SIGINT, signal.SIG_IGN)")
    shown("collect-results/executor_map", "parent_process().join()", "os._exit(1)")
    shown("ctrl-c", "parent_process().join()", "os._exit(1)")  # there the parent is killed


IN_A_CHILD = f"""
    from pathlib import Path
    from time import monotonic, sleep
    parent = Process(target=main)
    parent.start()
    parent.join()
    deadline = monotonic() + {TIME_LIMIT / 2}
    while (told := len(list(Path().glob("* *")))) < 2 and monotonic() < deadline:
        sleep(0.01)
    print(parent.exitcode, told)
"""
BOOK = "{str(chapter): str(chapter) for chapter in range(30)}"
TASK = "    return len(text.split())\n"
WAITS = """
    from pathlib import Path
    from time import sleep
    Path("begun-" + text).touch()
    while text != "0" and not Path("over").exists():
        sleep(0.01)
"""
TOLD = """
    from pathlib import Path
    try:
        main()
    except KeyboardInterrupt:
        print(len(list(Path().glob("begun-*"))))
"""


def while_it_starts_or_ends() -> None:
    """The last lines are for a Ctrl-C that comes while the workers are starting. In some cases,
    Ctrl-C can still make the program wait forever.

    If that or Ctrl-C interrupts the end of the block, the last lines end the manager.
    """
    assert ends("collect-results/executor_map", STARTS)
    assert waits(changed("collect-results/executor_map"), IN_A_SUBMIT, number=2)
    for arrives in CTRL_C, SIGTERM:
        assert ends("collect-results/manager_dict", MANAGER_ENDS, arrives)


def after_ctrl_c() -> None:
    """After an exception, or a Ctrl-C while `list` waits, tasks that have not been sent to the
    workers are cancelled, and the program ends when the others are done.

    If a task has raised an exception, `result()` raises it again, and the loop ends. To keep the
    other results, catch the exception around `result()`. After Ctrl-C or an exception in the loop,
    the `finally` cancels the tasks that have not been sent to the workers; without it, the end of
    the `with` block would first let the workers do all of them.
    """
    shown("exceptions/each_task", "except ValueError", "free -> ValueError\n5 -> 5")
    shown("ctrl-c/executor_cancels", "cancel_futures=True", "stopping")
    cancels = "            for task in titles:\n                task.cancel()\n"
    over = '            open("over", "x").close()\n'
    for do, begun in [(cancels + over, range(1, 9)), (over, [30])]:
        outcome = script(
            changed(
                "collect-results/as_they_come",
                (TASK, WAITS),
                ('{"one": "Call me Ishmael.", "two": "Some years ago, once"}', BOOK),
                ("counts[titles[task]] = task.result()", "raise KeyboardInterrupt"),
                (cancels, do),
                ('__main__":\n    main()\n', '__main__":' + TOLD),
            )
        )
        told = outcome.stderr, outcome.stdout.strip() in map(str, begun)
        assert told == ("", True), outcome


def a_worker_that_hangs() -> None:
    """A worker that hangs is waited for, unless you stop it."""
    shown("stop-early/time_limit", "worker.terminate()")


def _first_letter(word: str) -> str:
    return next(iter(word))


def as_soon_as_it_is_there() -> None:
    """`as_completed` gives each future as soon as it is done.

    `Pool.map` returns a list of the results in the order of the tasks.

    `imap_unordered` gives each result as soon as it is there, and `imap` in the order of the tasks.
    If a task raises `StopIteration`, as `next()` without a default does, a loop over either of them
    ends as if all were done: catch it in the task.
    """
    go_on = Event()
    with ProcessPoolExecutor(2, initializer=_share, initargs=(go_on,)) as executor:
        done = as_completed([executor.submit(_wait_if_0, number) for number in [0, 1]])
        assert next(done).result() == 1
        go_on.set()
        assert next(done).result() == 0
    go_on.clear()
    with Pool(2, initializer=_share, initargs=(go_on,)) as pool:
        assert pool.map(_second_first, [0, 1], chunksize=1) == [0, 1]
        go_on.clear()
        results = pool.imap_unordered(_wait_if_0, [0, 1])
        assert next(results) == 1
        go_on.set()
        assert next(results) == 0
        go_on.clear()
        results = pool.imap(_wait_if_0, [1, 0])
        assert next(results) == 1
        go_on.set()
        assert next(results) == 0
        go_on.clear()
        assert list(pool.imap(_second_first, [0, 1])) == [0, 1]
    with Pool(1) as pool:
        for method in pool.imap, pool.imap_unordered:
            assert list(method(_first_letter, ["a", "", "b"])) == ["a"]


def which_is_which() -> None:
    """Keep the input with the future, so that you know which is which:"""
    shown("collect-results/as_they_come", "counts[titles[task]] =", "one 3\ntwo 4")


def for_production() -> None:
    """For production, give the executor the `initializer` of the first program."""
    no_fact("advice")


def question() -> None:
    """How do you get the return value of a function that is the target of a `Process`?"""
    no_fact("a question")


def a_process_discards_it() -> None:
    """A `Process` discards what its target returns."""
    process = Process(target=_add, args=(3, 4))
    assert process.run() is None  # type: ignore[func-returns-value]  # this is what is shown
    process.start()
    process.join()
    assert process.exitcode == 0


def through_a_pipe() -> None:
    """Give each worker a `Pipe`, and let the function send its result:"""
    shown("collect-results/return_value", "answer.send(len", "one 3\ntwo 4")


def a_worker_that_fails() -> None:
    """If a worker fails before it has sent its result, `recv()` raises `EOFError` (on Windows, not
    always), because the parent has closed its copy of the sending end before it starts the next
    worker.

    The exit code tells how the worker ended.
    """
    workers = []
    for status in 3, 0:
        receiver, sender = Pipe(duplex=False)
        worker = Process(target=_exit, args=(status, sender))
        worker.start()
        sender.close()
        workers.append((worker, receiver))
    for worker, receiver in workers:
        with receiver, raises(EOFError):
            receiver.recv()
        worker.join()
    assert [worker.exitcode for worker, _ in workers] == [3, 0]


def one_fails_and_another_sends() -> None:
    """The workers are daemons, so Python terminates the others when a failure ends the program;
    they cannot start processes of their own. One that is sending then may still print the first
    lines of a traceback. Without `daemon=True`, the program would wait at its end for a worker
    whose result nobody receives, which under `fork` can be forever.

    Each worker closes its copy of the receiving end. So if the parent is killed, no worker waits
    forever to send a big result: `send()` raises `BrokenPipeError`, at the latest when the workers
    that were started after it have ended.
    """
    shown("daemon-children/daemon_starts", "daemonic processes are not allowed to have children")
    name, closes = "collect-results/return_value", "    end_of_parent.close()\n"
    sends, big = "    answer.send(len(text.split()))", "    answer.send(bytes(1_000_000))"
    fails = sends, f"    if text.startswith('Call'):\n        sys.exit(3)\n{big}"
    outcome = script(changed(name, fails))
    assert outcome.status == 1 and "one: exit code 3" in outcome.stderr.splitlines()
    outcome = script(changed(name, (sends, f"    sys.exit()\n{sends}")))
    assert outcome.status == 1 and "one: exit code 0" in outcome.stderr.splitlines()
    if get_start_method() == "fork":
        exits = "sys.exit(f", 'sys.exit(print("exits", flush=True) or f'
        endless = script(
            changed(name, fails, exits, (", daemon=True", ""), (closes, "")), hangs_after="exits"
        )
        assert endless.status is None
    loop = "    for title, (worker, receiver) in workers.items():\n"
    both = script(
        changed(
            name,
            (sends, f"    try:\n    {big}\n    except OSError:\n        open(text, 'x').close()"),
            (loop, "    import os; os._exit(7)\n" + loop),
            ('__main__":\n    main()\n', '__main__":' + IN_A_CHILD),
        )
    )
    assert (both.stdout, both.stderr) == ("7 2\n", "")


def read_before_join() -> None:
    """Receive the result first, and call `join()` after that; the other order can hang."""
    results: SimpleQueue[bytes] = SimpleQueue()
    worker = Process(target=_put, args=(results, begun := Event()))
    worker.start()
    assert begun.wait(TIME_LIMIT)
    worker.join(SURE)
    assert worker.is_alive()
    assert len(results.get()) == 1_000_000
    worker.join()
    shown("queue-deadlock/join_first", "still running after 5 s")


def get_waits_forever() -> None:
    """A queue that all workers share does not tell who is dead: if a worker fails before its
    `put()` is done, for example because the result cannot be pickled, `get()` waits forever.
    """
    results: SimpleQueue[object] = SimpleQueue()
    worker = Process(target=_fail_before_put_is_done, args=(results,))
    worker.start()
    worker.join()
    assert worker.exitcode == 1
    reader = Thread(target=results.get)
    reader.start()
    reader.join(SURE)
    assert reader.is_alive()
    results.put(0)
    reader.join()


def sends_its_errors() -> None:
    """See exceptions for a worker that sends its errors, too."""
    shown("exceptions/from_process", "answer.send((None, format_exc()))", "ValueError: invalid")


def only_if_they_read() -> None:
    """Use a `Manager` only if the workers must also read each other's results."""
    no_fact("advice")


def a_message_to_the_manager() -> None:
    """Each access to its dict is a message to another process, the manager:"""
    shown("claims/manager_is_a_process", "stock is here: False\nstock is there: True")


def gone_after_the_block() -> None:
    """Copy what you need before the `with` block ends; after that, the dict is gone."""
    shown("manager-ended/in_parent", "ratings.copy()", "Copy: 5\nBrokenPipeError")


def its_result_is_missing() -> None:
    """If a worker fails, its result is missing, and only its exit code tells."""
    with Manager() as manager:
        counts: Any = manager.dict()
        worker = Process(target=operator.setitem, args=(counts, [], 3))  # a list is no key
        worker.start()
        worker.join()
        assert (worker.exitcode, counts.copy()) == (1, {})


def a_handler_of_sigterm() -> None:
    """The handler lets the `with` block end the manager when the program gets SIGTERM."""
    if sys.platform != "win32":
        outcome = script(TOLD_TO_END)
        assert outcome.stderr.splitlines()[-1] == "KeyboardInterrupt"
        assert outcome.status == -signal.SIGINT
        with raises(ProcessLookupError):
            os.kill(int(outcome.stdout), 0)


def a_list_stays_empty() -> None:
    """A list that the workers append to stays empty in the parent: each worker appends to a
    copy.
    """
    shown("ordinary-objects/list_copied", "temperatures.append(21.5)", "Temperatures: []")


def errors_of_apply_async() -> None:
    """With `apply_async`, you see an error only if you call `get()` or pass an
    `error_callback`.
    """
    shown("unseen-error/not_asked", "pool.apply_async(pack", "Output\nAll packed")
    shown("unseen-error/asked", "result.get()", "Failed: no box for apple")
    shown("unseen-error/error_callback", "error_callback=", "Failed: no box for apple")


def may_never_come() -> None:
    """A result that you have not fetched when the `with` block of a `Pool` ends may never
    come.
    """
    shown("pool-not-running/lost", "print(pages.get())", "still running after 5 s")


_found: list[int] = []


def _append(number: int) -> list[int]:
    _found.append(number)
    return _found


def kept_from_task_to_task() -> None:
    """A result also has what earlier tasks have found: the function appends to a global list and
    returns it, and the worker keeps its globals for its next task. Make the list in the function,
    and return it.
    """
    with Pool(1) as pool:
        assert pool.map(_append, [1, 2, 3], chunksize=1) == [[1], [1, 2], [1, 2, 3]]


def with_joblib() -> None:
    """With joblib, too, the results are what the call returns:
    `results = Parallel(n_jobs=4)(delayed(count_words)(text) for text in texts)`. If each result is
    a list, `itertools.chain.from_iterable(results)` goes through all of their items.
    """
    assert list(chain.from_iterable([[1], [2, 3]])) == [1, 2, 3]
    if get_start_method() == "spawn":  # joblib starts its processes by itself: once is enough
        joblib = import_module("joblib")
        assert joblib.Parallel(n_jobs=2)(joblib.delayed(abs)(n) for n in (-1, -2)) == [1, 2]
