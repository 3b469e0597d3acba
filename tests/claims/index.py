"""What docs/index.md says."""

import ast
import os
import subprocess
import sys
from multiprocessing import Pool, Queue, get_all_start_methods, get_start_method
from queue import Empty

from tests.claims import ROOT, SURE, TIME_LIMIT, no_fact, raises, shown

PICTURE = (ROOT / "docs" / "_theme" / "partials" / "index.html").read_text("utf-8")
RUNNERS = "test_programs.py", "test_fragments.py"


def _examples(*arguments: str) -> str:
    """What `python -m examples` prints."""
    command = [sys.executable, "-m", "examples", *arguments]
    environment = {**os.environ, "PYTHONPATH": ""}
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=TIME_LIMIT,
        check=True,
    ).stdout  # fmt: skip


def not_shared() -> None:
    """Processes do not see each other's variables.

    A variable is old or missing in a worker | Global variables
    """
    shown("globals/changed_in_child", 'orders["apple"] += 1', "Orders: {'apple': 0}")
    shown("globals/changed_in_parent", "The worker sees 7", "The worker sees 19")
    shown("globals/under_guard", "NameError: name 'tax_percent' is not defined")


def what_stands_between() -> None:
    """What they share stands between them, such as a pipe, a piece of memory or a third
    process.
    """
    shown("pipe/smallest", "to_clerk, to_parent = Pipe()", "pear 4")
    shown("index/first", 'Value("i", 0)', "Files downloaded: 100")
    shown("manager/smallest", "manager.dict()", "[('Alien', 5), ('Brazil', 4)]")
    assert all(tool in PICTURE for tool in ("Queue", "Pipe", "Value", "SharedMemory", "Manager"))


def choose() -> None:
    """Choose a tool by what you want to share:

    For more tools, answer three questions, or see the quick reference.

    You have a job to do. Find the tool by three questions, or begin with the first program or a
    tour.

    Your program is broken. Paste the traceback or the program, or look up the message or what you
    see.

    You look up, compare or take part. See every call and every cost, run the programs, or write a
    page.

    You have a job to do: share a counter, a configuration, a NumPy array, a DataFrame, a cache;
    collect results, stream a big file, log, show progress, stop early, retry what fails, limit the
    rate, let many read and one write.

    You choose between two tools: queue or pipe, pool or executor, a manager or shared memory,
    fork, forkserver or spawn, threads or processes.

    Your program uses a framework: Gunicorn, Uvicorn, Flask, Django, Celery, pandas, PyTorch,
    Tkinter, Qt or Kivy, pytest, or it runs in a container.

    Your program outgrows a pool: threads, sub-interpreters or joblib; across hosts, a manager,
    Redis, PostgreSQL, ZeroMQ, MPI, Dask, Ray or one of eight more.

    You wonder whether it is worth it: see what each way costs, measured, and when a plain loop
    wins.

    Your program worked before Python 3.14: see what changed.

    An error message | All messages

    Or paste the traceback or the program.

    There are more hangs and wrong results. To see where your program hangs, let each process write
    its stack.

    Copy this program into a file and run it.
    """
    no_fact("pointers to other pages")


def the_tools() -> None:
    """The results of tasks | nothing: `Pool.map` returns them

    Messages, tasks, results as they arrive | `Queue`

    One number | `Value`

    A fixed number of numbers | `Array`

    A dict or list that several processes change | `Manager`

    A NumPy array, a table, a lot of bytes | `SharedMemory`
    """
    shown("index/map_results", "pool.map(count_words, lines)", "Words in each line: [6, 4]")
    shown("queue/several_workers", "= orders.get()", "Packed: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]")
    shown("index/first", 'Value("i", 0)', "Files downloaded: 100")
    shown("array/smallest", "Array(")
    shown("manager/smallest", "manager.dict()", "[('Alien', 5), ('Brazil', 4)]")
    shown("shared-memory/smallest", "SharedMemory(create=True", "b'..###...'")
    shown("numpy-array/own_rows", "SharedMemory(create=True")
    shown("dataframe/arrow_block", "SharedMemory(create=True")


def one_problem() -> None:
    """To compare them, see one problem that is solved in 15 ways."""
    assert len(list((ROOT / "examples" / "one-problem").glob("with_*.py"))) == 15


def it_needs_python_only() -> None:
    """It needs only Python."""
    tree = ast.parse((ROOT / "examples" / "index" / "first.py").read_text("utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported == {"multiprocessing"} <= sys.stdlib_module_names
    assert not any(isinstance(node, ast.Import) for node in ast.walk(tree))


def definitions() -> None:
    """A process is a running program with memory of its own.

    The process that starts it is the parent. The new process is its child, and here a worker.
    """
    no_fact("definitions")


def the_first_program() -> None:
    """`Process(target=download, args=...)` describes a process that will call `download`, `start()`
    starts the process, and `join()` waits until it has ended.

    `Value("i", 0)` is one integer in memory that all four workers share.

    `with done.get_lock():` acquires the lock of the number: one process at a time holds the lock,
    and the others wait.
    """
    shown("index/first", "Process(target=download, args=(25, done)) for _ in range(4)")
    shown("index/first", "worker.start()", "worker.join()\n    print(", "Files downloaded: 100")
    shown("index/first", "with done.get_lock():\n            done.value += 1")
    shown("process/join_timeout", "join(")


def without_the_lock() -> None:
    """Without the lock, some of the 100 can be lost, in some runs and not in others.

    The total is too low | Lost updates
    """
    shown("race/unsafe", "only checked to end at or below 100")
    shown("race/unsafe_every_time", "Output\n")


def the_main_guard() -> None:
    """Under `if __name__ == "__main__":` stands what only the parent runs. Without that line, a new
    process would run the program again, except under `fork`.
    """
    shown("index/first", 'if __name__ == "__main__":\n    main()')
    shown("main-guard/unguarded", "\nwith Manager() as manager:", "RuntimeError", "Output\n")


def a_pool() -> None:
    """If each task takes arguments and returns a result, use a pool of processes, which sends both
    between the processes. The tasks share nothing, so they cannot overwrite each other's updates,
    and `map` returns the results in the order of the tasks.
    """
    shown(
        "index/map_results", "def count_words(line):\n    return len(", "Words in each line: [6, 4]"
    )
    with Pool(2) as pool:
        assert pool.map(abs, range(50), chunksize=1) == list(range(50))


def hangs() -> None:
    """`join()` never returns | The queue was not drained

    `Pool.map` never returns | A worker was killed

    A child sometimes hangs | fork with threads
    """
    shown("queue-deadlock/join_first", "camera.join()", "still running after 5 s")
    shown("killed-worker/pool_hangs", "pool.map(", "still running after 5 s")
    shown("fork-with-threads/lock_held", "still running after 5 s")


def get_waits() -> None:
    """`get()` waits forever | The item was lost"""
    orders: Queue[object] = Queue()
    orders.put(lambda: 7)
    with raises(Empty):
        orders.get(timeout=SURE)
    orders.close()
    orders.join_thread()


def wrong_results() -> None:
    """A list or dict did not change | It was copied

    An `append` in a manager's dict is gone | Nested lists

    A task failed, and no error was reported | An error that nobody sees
    """
    shown("ordinary-objects/list_copied", "append(21.5)", "Temperatures: []")
    shown("nested-list/append_lost", "append(", "Orders: []")
    shown("unseen-error/not_asked", "raise ValueError(", "Output\nAll packed")


def every_block_is_executed() -> None:
    """This site shows each way with programs that have been run.

    The tests of this site execute every block of Python on it, on CPython 3.11 to 3.15, and each
    program under each start method of the system: `fork`, `forkserver` and `spawn` are the three
    ways in which Python makes a process.
    """
    from tests.claims._pages import already_read, read_pages
    from tests.harness.read.versions import PYTHONS
    from tests.harness.read.words import METHODS

    if already_read():
        return
    site = read_pages()
    assert PYTHONS == ["3.11", "3.12", "3.13", "3.14", "3.15"]
    assert set(METHODS) == set(get_all_start_methods()) <= {"fork", "forkserver", "spawn"}
    programs = {f"{name}.py" for name in site.programs}
    fragments = {(one.page, one.fence.line) for one in site.fragments}
    blocks = 0
    for page, fences in site.fences.items():
        for fence in fences:
            if fence.language == "python":
                blocks += 1
                assert fence.include in programs or (page, fence.line) in fragments
    assert blocks >= len(programs) > 200
    tests = [(ROOT / "tests" / name).read_text("utf-8") for name in RUNNERS]
    assert '("method", multiprocessing.get_all_start_methods())' in tests[0]
    assert '@pytest.mark.parametrize("name", PROGRAMS)\ndef test_program(' in tests[0]
    assert '@pytest.mark.parametrize("fragment", FRAGMENTS' in tests[1]


def what_is_shown_is_compared() -> None:
    """The output that you see is the output with which the tests compare. `...` in it stands for
    text that varies, where its title says so.
    """
    from tests.claims._pages import already_read, read_pages
    from tests.harness.compare.differences import matches
    from tests.harness.read.words import read_title

    if already_read():
        return
    site = read_pages()
    compared = {
        shown.path for p in site.programs.values() for e in p.expectations for shown in e.shown
    }
    compared |= {program.table.path for program in site.programs.values() if program.table}
    compared |= {program.trace.path for program in site.programs.values() if program.trace}
    outputs = [
        ROOT / "examples" / fence.include
        for fences in site.fences.values()
        for fence in fences
        if fence.language == "text" and fence.include
    ]
    assert len(outputs) > 200
    assert set(outputs) <= compared
    exact, dotted = read_title("Output"), read_title("Output, with ... for what differs")
    assert matches(exact, "a ... b\n", "a ... b\n")
    assert not matches(exact, "a ... b\n", "a 1 b\n")
    assert matches(dotted, "a ... b\n", "a 1 b\n")


def both_are_shown() -> None:
    """Where versions or start methods print different things, the page shows each output."""
    from tests.claims._pages import already_read, read_pages
    from tests.harness.read.versions import THIS
    from tests.harness.read.words import METHODS, SYSTEM

    if already_read():
        return
    for program in read_pages().programs.values():
        if SYSTEM in program.systems and program.since <= THIS:
            assert all(map(program.expectation, METHODS)), program.name


def the_line_under_an_output() -> None:
    """The line under an output says where this text was checked, and one page lists all of them."""
    from tests.claims._pages import already_read, read_pages
    from tests.harness.tell.results import Checked, Run
    from tests.harness.tell.stamps import LIST_MARK, every_block, latest, sentence

    if already_read():
        return
    site = read_pages()
    program = site.programs["index/first"]
    (expectation,) = program.expectations
    text = program.hash(expectation)
    passed = Checked(program.name, text, "spawn", True, True, 0.1)
    runs = [Run("", "", "3.15.2", "Linux", "2026-01-01", [passed])]
    assert sentence(latest(runs)[text]) == (
        "Checked: CPython 3.15.2 on Linux under spawn. Not checked on Windows and macOS"
    )
    listed = {name for name, _, _ in every_block(site)}
    outputs = [e for p in site.programs.values() for e in p.expectations]
    assert len(listed) >= len(outputs)
    assert LIST_MARK in (ROOT / "docs" / "checked.md").read_text("utf-8").splitlines()


def on_one_machine() -> None:
    """If it fails on one machine only, ask the doctor there."""
    no_fact("advice")


def run_any_program() -> None:
    """In a copy of the site's source you can run any program as the tests do, under the start
    method that you choose. The first command lists all programs, the second runs one:
    """
    from tests.claims._pages import already_read, read_pages

    if not already_read():
        listed = _examples()
        assert all(name in listed for name in read_pages().programs)
    method = get_start_method()
    assert _examples("index/first", "--start-method", method) == "Files downloaded: 100\n"
