"""What docs/errors.md says; tests/harness/read/messages.py looks for each of its messages."""

import re

from tests.claims import ROOT, no_fact, on, script, shown
from tests.harness.read import messages

TEXT = (ROOT / messages.PAGE).read_text("utf-8")
SET = """
from multiprocessing import Event, Process
from time import sleep

if __name__ == "__main__":
    done = Event()
    worker = Process(target=done.wait)
    worker.start()
    while done._cond._sleeping_count._semlock._is_zero():
        sleep(0.01)
    with done._cond:  # which the worker has left for its wait
        worker.kill()
    worker.join()
    print("killed", flush=True)
    done.set()
"""


def too_much_for_protocol_3() -> None:
    """Use a newer Python, or do not send so much with each task: load it once for all workers."""
    no_fact("advice; the limit of the protocol is linked")


def search_it() -> None:
    """Paste the whole traceback, and the page that explains it is found for you. Or search this
    page for a few words of the last line: press Ctrl-F, or use "Find in page" on a phone. Leave out
    names and numbers, because `...` stands for what differs.

    If your program hangs or its result is wrong, see No message at all.

    The tables are ordered by what your program was doing.

    The program hangs:

    The result is wrong:
    """
    no_fact("advice, and what the tables are about")


def what_was_printed() -> None:
    """The link leads to the cause.

    Every message in these tables was printed or raised by a program on the page that it leads to.
    """
    from tests.claims._pages import already_read, read_pages

    if already_read():
        return
    site = read_pages()
    known = len(site.problems)
    messages.check_messages(site)
    assert site.problems[known:] == []
    assert sum(row.table == messages.PRINTED for row in messages.rows(site)) > 100


def the_most_common_first() -> None:
    """If a message has several causes, the link to the most common one comes first."""
    no_fact("a judgment")


def which_releases() -> None:
    """The versions in parentheses are those that have this wording."""
    from tests.claims._pages import already_read
    from tests.harness.read import raised

    if already_read():
        return
    here = [message.text for message in raised.messages()]
    for wording, label in [
        ("Protocol error, expected challenge: message=...", "3.12 and later"),
        ("unsupported message length, missing digest prefix, or unsupported digest: message=...",
         "3.12 and later"),
        ("buffersize must be None or > 0", "3.14 and later"),
    ]:  # fmt: skip
        assert f"`{wording}` ({label}) |" in TEXT
        assert (wording in here) == on(f"Python {label}"), wording
    shown("value/every_message", "this type has no size", "bad typecode (must be")


def another_list() -> None:
    """Another list has the messages that stand in the source of Python and that no program here
    prints.

    Not executed. These messages stand in the source of Python or of a package, or are those of
    the operating system.

    Each row links to the source.

    The parentheses name the releases that have the message, or those that do not.

    The releases that were read are Python 3.11.2, 3.11.7, 3.12.1, 3.13.0, 3.13.5, 3.13.18, 3.14.10
    and 3.15.2.
    """
    from tests.claims._pages import already_read, read_pages
    from tests.harness.read import raised
    from tests.harness.read.versions import THIS, is_known, named

    if already_read():
        return
    site = read_pages()
    known = len(site.problems)
    messages.check_source(site, raised.messages(), THIS)
    assert not is_known(THIS) or site.problems[known:] == []
    unseen = [row for row in messages.rows(site) if row.table == messages.UNSEEN]
    assert all("https://" in row.where for row in unseen)
    here, lines, read = list(raised.messages()), TEXT.splitlines(), named(THIS)
    told = re.search(r"releases that were read are Python (.*)\.\n", TEXT)
    assert told
    if read not in re.findall(r"[\d.]+\d", told[1]):
        return
    for row in unseen:
        rule = re.search(r"\((not )?in (3[\d., and]+)\) \|", lines[row.line - 1])
        for message in row.messages if rule and "/cpython/" in row.where else ():
            assert rule
            listed = read in re.findall(r"[\d.]+\d", rule[2])
            if listed != bool(rule[1]):
                assert any(messages.same(message, one.text) for one in here), message
            else:
                assert message not in (one.text for one in here), message


def not_executed() -> None:
    """They need another system, a broken one, a server, or code that calls private functions, so no
    program here prints them.

    You see one of these if your program, or a library, calls what the documentation does not name,
    or passes a wrong type.

    No program should see one of these alone.
    """
    no_fact("what the tables that follow are about")


def first_lines() -> None:
    """These are the first lines of what a child prints, lines of the resource tracker, and parts of
    a longer traceback.
    """
    shown("unseen-error/process_failed", "Process Process-1:\nTraceback")
    shown("exceptions/uncaught", "direct cause of the following exception")


def hangs_in_a_process() -> None:
    """in `start()` under `spawn` (3.11 to 3.13.7) | No main guard, and large arguments

    in `join()` of a `Process` | The queue was not drained

    at the end of the program, after its last line | It has put items that nobody reads

    in `recv()` of a pipe | No EOFError

    anywhere in a forked child | `fork` with threads

    in an `asyncio` program | The loop stands still
    """
    guard = (ROOT / "docs/pitfalls/main-guard.md").read_text("utf-8")
    assert "under `spawn` in Python 3.11 to 3.13.7, it [waits forever]" in guard
    shown("queue-deadlock/join_first", "camera.join()", "still running after 5 s")
    shown("queue-deadlock/own_items", "still running after 5 s")
    shown("pipe-no-eof/end_kept_open", "receiver.recv()", "still running after 5 s")
    shown("fork-with-threads/lock_held", "still running after 5 s")
    shown("asyncio-processes/loop_stands_still", "still running after 5 s")


def hangs_in_get() -> None:
    """in `get()` of a queue | A worker ended before its `put()`, an item was lost, a worker held
    the lock
    """
    shown("queue/smallest", "prices.get()", "a worker raises               hangs")
    shown("unpicklable-item/item_lost", "Can't pickle", "Received: cherry")
    shown("lock-holder-killed/killed_in_put", "pictures.get(timeout=1)", "still running after 5 s")


def hangs_in_a_pool() -> None:
    """in `Pool.map` | Killed worker, exception, function not found, the initializer raises

    at the end of the `with` block of a `Pool` | An idle worker was killed

    at the end of the `with` block of an executor | A worker was killed while it sent its result,
    your program handles SIGTERM

    in `result.get()` after the `with` block | Pool not running

    in an executor with `max_tasks_per_child` | The executor hangs

    in an `import` | It waits for a pool
    """
    from tests.claims._executors import an_executor_waits

    assert an_executor_waits()
    shown("pool-at-import/import_hangs", "import import_hangs", "still running after 5 s")
    shown("killed-worker/pool_hangs", "pool.map(", "still running after 5 s")
    shown("unpicklable-exception/pool_hangs", "pool.map(", "still running after 5 s")
    shown("function-not-found/defined_too_late", "pool.map(", "still running after 5 s")
    shown("pool/initializer_raises", "pool.map(", "still running after 5 s")
    shown("killed-worker/idle_killed", "end of the with block", "still running after 10 s")
    shown("killed-worker/sigterm_reset", "The with block has ended", "SIG_DFL")
    shown("pool-not-running/lost", ".get()", "still running after 5 s")
    shown("max-tasks-deadlock/hangs", "max_tasks_per_child=2", "still running after 5 s")


def hangs_in_a_lock() -> None:
    """in `with value.get_lock()`, or in a second `acquire()` | A lock that waits for itself

    in `wait()` of a `Condition` | `notify()` came too early

    in `notify()` of a `Condition`, or in `set()` of an `Event` | A waiter was killed

    in `wait()` of a `Barrier` | Another process has not come

    in `with lock:` | A process was killed while it held the lock, two locks in opposite order
    """
    shown("barrier/smallest", "all_written.wait()", "a worker raises               hangs")
    shown("value-lock-hangs/plain_lock", "with lock:", "still running after 5 s")
    shown("value-lock-hangs/taken_twice", "with lock:", "still running after 5 s")
    shown("condition/lost_notify", ".wait()", "still running after 5 s")
    shown("condition/waiter_killed", "changed.notify()", ".terminate()", "still running after 5 s")
    shown("lock-holder-killed/terminated", "with lock:", "still running after 5 s")
    shown("lock/opposite_order", "still running after 5 s")
    told = script(SET, hangs_after="killed\n")
    assert (told.status, told.stdout) == (None, "killed\n")


def what_is_too_low_or_unchanged() -> None:
    """A total is too low | Lost updates

    A list, dict or object did not change | It was copied

    A global variable is old, or has its first value | Global variables

    A nested list in a manager's dict did not change | Nested lists

    A shared array did not change | It is another array

    Numbers in a block are not what was written, or 0 | The two sides disagree on the layout

    Two runs of a program use one block by accident | It was started twice
    """
    shown("layout-differs/old_reader", "read: (120, 2.2e-322)")
    shown("started-twice/attached_anyway", "A sells ticket 1", "C sells ticket 1")
    shown("race/unsafe_every_time", "Tickets sold by 4 sellers: 1")
    shown("ordinary-objects/list_copied", "Output\n", "[]")
    shown("globals/changed_in_child", "Output\n")
    shown("nested-list/append_lost", "Output\n", "[]")
    shown("array-rebound/numpy_new", "Output\n")


def what_is_missing_or_foreign() -> None:
    """A shared array has data that nobody wrote into it | Its block was closed

    Items of a queue are missing | empty() said so, they could not be pickled, a process died

    Lines are mixed, or missing | Mixed output

    A file that a worker wrote is empty, or its end is missing | The file was left open, the disk
    is full

    Text in a `Value` is garbage | A string in a Value

    Random numbers are the same in each worker | Random numbers, a copied generator

    A worker reads only a part of a file | The position is shared

    `terminate()` does not end a process | It has inherited a handler

    A `queue.Queue` is empty, or a `threading.Event` is not set | They are for threads

    `hash()` of a string differs | It does in each process

    Memory grows | Copied while it is read
    """
    shown("closed-shared-memory/other_block", "Output, on Linux")
    shown("queue-empty/asked_too_early", "empty()")
    shown("unpicklable-item/item_lost", "Received: cherry")
    shown("lost-items/taken", "packed: ['apple', 'pear']")
    shown("mixed-output/spliced", "Output\n")
    shown("mixed-output/lost", "Output\nAll packed\n")
    shown("mixed-output/file_not_closed", "Output\n")
    shown("string-in-value/pointer", "Output\n")
    shown("random-numbers/seeded_at_import", "Different numbers in 4 workers: 1")
    shown("inherited/same_numbers", "dice.random(): same")
    shown("inherited/file_position", "Second worker: 0 lines")
    shown("inherited/not_terminated", "Output\nExit code: 0")
    shown("thread-objects/queue_of_threads", "Output\nOrders: 0\nDone: False")
    shown("hash-differs/shared_out", "Worker as a worker: False")
    shown("memory-grows/list_read", "Output, on Linux")


def what_nobody_reported() -> None:
    """Nothing runs in parallel, and no error was reported | target=f()

    A task failed, and no error was reported | An error that nobody sees
    """
    shown("missing-comma/called_at_once", "Output\n")
    shown("unseen-error/not_asked", "Output\n")


def of_a_pool() -> None:
    """If `put((job, i, result))` stands above a `BrokenPipeError`, the parent of a `Pool` was
    killed.
    """
    from tests.claims import ctrl_c

    if told := ctrl_c._result_for_nobody():
        assert "put((job, i, result))" in told
        assert told.endswith("BrokenPipeError: [Errno 32] Broken pipe\n")
