"""What docs/examples/big-file.md says."""

import gzip
import io
import os
import pickle
import sys
from collections import Counter
from collections.abc import Callable
from functools import reduce
from multiprocessing import Pipe, Process, get_start_method
from operator import add
from pathlib import Path
from tempfile import TemporaryDirectory
from timeit import repeat
from typing import TYPE_CHECKING, Any, BinaryIO

from tests.claims import SURE, TIME_LIMIT, changed, no_fact, on, raises, replaced, script, shown

if TYPE_CHECKING:
    from examples._runner import Outcome

RIGHT = "".join(f"{second:05} GET /basket 500\n" for second in range(0, 20_000, 2221))
FAILED = "def failed(lines):\n"
READS = "        yield lines\n"
GOES = """
import os
from pathlib import Path
from threading import Event
from time import sleep

HELD, GIVEN = [], []


def held():
    HELD.append(len(HELD) + 1 - len(GIVEN))
    if len(HELD) == 4:
        Path("four").touch()


"""
WAITS = f"""{FAILED}    while lines[0].startswith(b"00000") and not Path("four").exists():
        sleep(0.01)
"""
COUNTED = [("def chunks(", f"{GOES}def chunks("), (READS, f"        held()\n{READS}")]
PRINTS = '            print(requests, end="")\n'
GUARD = 'if __name__ == "__main__":\n    main()\n'


def _read_ahead(*changes: tuple[str, str], hangs_after: str = "") -> "Outcome":
    """What the short form does if something in it is different."""
    return script(changed("big-file/read_ahead", *COUNTED, *changes), hangs_after=hangs_after)


def _in_order(*changes: tuple[str, str], hangs_after: str = "") -> "Outcome":
    """What the form for production does if something in it is different."""
    code = changed("big-file/one_worker").partition("if __name__")[0]
    code += changed("big-file/read_ahead", *COUNTED).partition("def in_order")[0]
    code += changed(
        "big-file/in_order",
        ("from one_worker import Worker\nfrom read_ahead import chunks, failed, make_log\n", ""),
    )
    return script(replaced(code, *changes), hangs_after=hangs_after)


def _functions(program: str, *changes: tuple[str, str]) -> dict[str, Any]:
    """The functions of a program, apart from `main`."""
    code = changed(program, *changes).replace("from in_order import in_order\n", "")
    code = code.replace("from one_worker import Worker\n", "")
    names: dict[str, Any] = {}
    exec(code.partition("def main")[0], names)
    return names


def a_few_chunks() -> None:
    """Read chunks of lines, keep only a few of them in the workers, and fetch the oldest result
    before you read the next chunk. The results then come in the order of the file, and memory
    stays bounded as long as no line is huge.

    `in_order` submits chunks until four are held, that is, submitted and not yet yielded. Then it
    waits for the oldest.

    `in_order` is a generator. While your loop handles a result, nothing is read, so a slow loop
    does not let results pile up.
    """
    from inspect import isgeneratorfunction

    run = _read_ahead(
        ("AHEAD, LINES = 4, 2500", "AHEAD, LINES = 4, 500"),
        (FAILED, WAITS),
        (PRINTS, f"            GIVEN.append(0)\n{PRINTS}"),
        (GUARD, f"{GUARD}    print(max(HELD), len(GIVEN))\n"),
    )
    assert (run.stdout, run.status) == (f"{RIGHT}4 40\n", 0)
    names = _functions("big-file/read_ahead")
    assert isgeneratorfunction(names["chunks"]) and isgeneratorfunction(names["in_order"])
    shown("big-file/read_ahead", "if len(tasks) == AHEAD:\n            yield tasks.popleft()")


def they_read_ahead() -> None:
    """`imap` of a `Pool`, and `map` of an executor without `buffersize`, do not wait for you: what
    they read ahead, and results that you have not fetched, fill the memory.
    """
    shown("pool/reads_ahead", "imap: read before the first result: 1000")
    shown("process-pool-executor/few_at_a_time", "No limit: has read 100 items")


def it_remains() -> None:
    """If the program gets SIGTERM or is killed, the workers remain, and a worker that is stuck is
    waited for forever.
    """
    stuck = f'{FAILED}    print("stuck", flush=True)\n    Event().wait()\n'
    hangs = _read_ahead((FAILED, stuck), hangs_after="stuck")
    assert hangs.status is None
    if get_start_method() != "fork":
        return  # the check itself would leave semaphores
    for name, status in ("SIGTERM", -15), ("SIGKILL", -9):
        goes_on = _read_ahead(
            ("    main()\n", "    run()\n"),
            ("def main():\n", f"{_ends(SURE)}def main():\n"),
            (PRINTS, f"            signal.raise_signal(signal.{name})\n"),
            (FAILED, f"{FAILED}    os.open('ends', os.O_WRONLY)\n"),
        )
        assert goes_on.stdout == f"False {status}\n", goes_on


def _ends(seconds: float) -> str:
    """Code that prints whether the workers of a program end, and how the program ended.

    Each worker opens the FIFO, which tells when the last of them has ended. A zombie still has
    a process ID, but no open file.
    """
    return f"""
def run():
    import select
    os.mkfifo("ends")
    ends = os.open("ends", os.O_RDONLY | os.O_NONBLOCK)
    program = os.fork()
    if not program:
        main()
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(program, 0)[1])
    print(bool(select.select([ends], [], [], {seconds})[0]), status, flush=True)


"""


def instructions() -> None:
    """This is the short form.

    So use the second program in production.

    Choose `LINES` so that `AHEAD` chunks and their results fit into memory.

    Set `AHEAD` to at least twice the number of workers, so that the others have work while you
    wait for the oldest chunk.

    Give each worker a pipe of its own. This program uses the log and the functions of the first
    one:

    Save it in the same folder as the first program and this one:

    Set it to several times what the slowest chunk takes.

    Give each such file to one worker as a whole.

    If the file has a header, skip it where `start == 0`.

    Use parts, or compare the times.

    Let the parent write.
    """
    no_fact("advice")


def chunks_of_lines() -> None:
    """`chunks` reads 2,500 lines at a time, and each chunk is one task. A task for each line would
    cost a message for each line.

    `log` is any iterable of lines: `open(path, "rb")`, `gzip.open(path)` or `sys.stdin.buffer`. An
    empty file gives no result.
    """
    names = _functions("big-file/read_ahead")
    lines = [b"%05d\n" % number for number in range(6000)]
    with TemporaryDirectory() as folder:
        path = Path(folder, "log")
        path.write_bytes(b"".join(lines))
        packed = Path(folder, "log.gz")
        packed.write_bytes(gzip.compress(path.read_bytes()))
        opened: list[Callable[[], BinaryIO | gzip.GzipFile]]
        opened = [lambda: path.open("rb"), lambda: gzip.GzipFile(packed)]
        for opens in opened:
            with opens() as file:
                found = list(names["chunks"](file))
            assert [len(chunk) for chunk in found] == [2500, 2500, 1000]
            assert [line for chunk in found for line in chunk] == lines
    assert type(sys.__stdin__.buffer) is io.BufferedReader if sys.__stdin__ else True
    assert list(names["in_order"](None, None, names["chunks"](io.BytesIO()))) == []
    shown("big-file/read_ahead", "executor.submit(function, item)")


def it_fails() -> None:
    """If a chunk fails, or you leave the loop, the end of the `with` block waits for the chunks
    that are held.

    In the short form, an exception in a chunk is raised by `result()`, and `sys.exit(3)` in a
    worker ends the program with status 3 and no message. A killed worker raises
    `BrokenProcessPool`, apart from some cases.
    """
    touch = '    Path(lines[0][:5].decode() + ".end").touch()\n'
    fails = f'{FAILED}    if lines[0].startswith(b"00000"):\n        int("seven")\n{touch}'
    tells = (
        '    try:\n        main()\n    finally:\n        print(len(list(Path(".").glob("*.end"))))'
    )
    run = _read_ahead((FAILED, fails), ("    main()\n", f"{tells}\n"))
    assert (run.stdout, run.status) == ("3\n", 1)
    assert run.stderr.endswith("ValueError: invalid literal for int() with base 10: 'seven'\n")
    left = f"{FAILED}{touch}"
    run = _read_ahead(
        (FAILED, left), (PRINTS, "            break\n"), ("    main()\n", f"{tells}\n")
    )
    assert (run.stdout, run.status, run.stderr) == ("4\n", 0, "")
    run = _read_ahead((FAILED, f"{FAILED}    raise SystemExit(3)\n"))
    assert (run.stdout, run.status, run.stderr) == ("", 3, "")
    shown("killed-worker/executor_raises", "os._exit", "BrokenProcessPool")


def buffersize() -> None:
    """In Python 3.14 and later, `buffersize` replaces the function `in_order`:
    `executor.map(failed, chunks(log), buffersize=4)`. It holds five chunks while you wait.
    """
    if on("Python 3.14 and later"):
        call = "executor.map(failed, chunks(log), buffersize=4)"
        run = _read_ahead(
            ("in_order(executor, failed, chunks(log))", call),
            (FAILED, WAITS),
            (PRINTS, f"            GIVEN.append(0)\n{PRINTS}"),
            (GUARD, f"{GUARD}    print(max(HELD))\n"),
        )
        assert run.stdout == f"{RIGHT}5\n"


def one_at_a_time() -> None:
    """A worker has one chunk at a time, and its next chunk is sent when its result has been
    received. `busy` has the workers that have a chunk, and `done` the results whose turn has not
    come. Together they are at most twice the number of workers. An empty list of workers raises
    `ValueError`.

    `limit` is how many seconds the parent waits if no worker answers.
    """
    counts = "        for requests in in_order(workers, chunks(log)):\n"
    counts += '            GIVEN.append(0)\n            print(requests, end="", flush=True)\n'
    run = _in_order(
        ("AHEAD, LINES = 4, 2500", "AHEAD, LINES = 4, 500"),
        ("range(2)]", "range(3)]"),
        ("len(HELD) == 4", "len(HELD) == 6"),
        (FAILED, WAITS),
        (LOOP, counts),
        (GUARD, f"{GUARD}    print(max(HELD), len(GIVEN))\n"),
    )
    assert (run.stdout, run.status) == (f"{RIGHT}6 40\n", 0)
    one = _in_order(("range(2)]", "range(1)]"))
    assert (one.stdout, one.status) == (RIGHT, 0)
    empty = _in_order(("    log.seek(0)\n", ""))
    assert (empty.stdout, empty.stderr, empty.status) == ("", "", 0)
    none = _in_order(("range(2)]", "range(2 // 4)]"))
    assert (none.stdout, none.status) == ("", 1)
    assert none.stderr.endswith("ValueError: no workers\n")
    shown("big-file/in_order", "[Worker(failed) for _ in range(2)]", "wait(busy, limit)")


def a_worker_ends() -> None:
    """If a worker ends without a result, even with exit code 0, `take` raises `RuntimeError` with
    the number of the item and the exit code. An exception in the function also writes its traceback
    to standard error. A result that cannot be rebuilt in the parent raises its own error there;
    only an `OSError` or an `EOFError` looks like the end of the worker, with `exit code None`. Do
    not raise `SystemExit` instead: in a thread, it is ignored without a message.

    What is printed before that has no gap: it is the beginning of the right output.
    """
    fifth = f'{FAILED}    if lines[0].startswith(b"10000"):\n        '
    for ending, code in ("os._exit(0)", 0), ("raise SystemExit(3)", 3), ('int("seven")', 1):
        run = _in_order((FAILED, f"{fifth}{ending}\n"))
        assert run.stderr.endswith(f"RuntimeError: item 4: exit code {code}\n"), run
        assert run.status == 1
        assert RIGHT.startswith(run.stdout)
        assert "10000" not in run.stdout
        assert ("ValueError: invalid literal" in run.stderr) == (code == 1)
    opens = "class Opens:\n    def __reduce__(self):\n        return {}\n\n\n"
    for call, told in (
        ("open, ('/nowhere/at/all',)", ": exit code None"),  # of whichever item comes first
        ("__import__('pickle').loads, (b'',)", ": exit code None"),  # EOFError
        ("open, ('\\0',)", "ValueError: embedded null byte"),
    ):
        run = _in_order(
            (FAILED, f"{opens.format(call)}{FAILED}    return Opens()\n"), ("join(5)", "join(0.5)")
        )
        assert (run.status, run.stdout) == (1, "")
        assert run.stderr.endswith(f"{told}\n"), run
    handler = '    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))\n'
    in_thread = (
        "    main()\n",
        "    thread = Thread(target=main)\n    thread.start()\n    thread.join()\n",
    )
    for error in "RuntimeError", "SystemExit":
        run = _in_order(
            (FAILED, f"{fifth}os._exit(0)\n"),
            (handler, ""),
            in_thread,
            ('raise RuntimeError(f"item', f'raise {error}(f"item'),
        )
        told = "RuntimeError: item 4: exit code 0\n" if error == "RuntimeError" else ""
        assert (run.stderr[-len(told) :] if told else run.stderr) == told, run


def all_are_ended() -> None:
    """When the input is used up, each worker gets `None`, and ends. So `None` cannot be an item,
    and make new workers for each call of `in_order`. At Ctrl-C, SIGTERM, or an exception in the
    loop or in `chunks`, the `finally` kills all workers. If you catch that exception, and the
    generator has a name, call its `close()`.
    """
    shown("big-file/one_worker", "while (item := line.recv()) is not None:", "self.give(None)")
    ended = _in_order(
        ("class Worker:", AT_END + "class Worker:"),
        ("target=work", "target=work_and_tell"),
        (LOOP, f"{LOOP}        list(in_order(workers, [[]]))\n"),
        ("    main()\n", f"{TRIES}        print(len(list(Path('.').glob('*.end'))))\n"),
    )
    assert (ended.stdout, ended.status) == (f"{RIGHT}2\n", 1)
    assert ended.stderr.endswith("RuntimeError: item 0: exit code 0\n")
    item = _in_order((LOOP, f"        list(in_order(workers, [[], None, []]))\n{LOOP}"))
    assert (item.status, item.stdout) == (1, "")
    assert item.stderr.endswith("RuntimeError: item 1: exit code 0\n")
    stuck = f'{FAILED}    if lines[0].startswith(b"05000"):\n        Event().wait()\n'
    broken = (
        f'        if lines[0].startswith(b"07500"):\n            raise OSError("disk")\n{READS}'
    )
    fails = "        for requests in in_order(workers, chunks(log)):\n            int('seven')\n"
    named = """        results = in_order(workers, chunks(log))
        try:
            for requests in results:
                int('seven')
        except ValueError:
            assert all(process.is_alive() for process in ALL)
            results.close()
            raise
"""
    cases = [((READS, broken), "OSError: disk"), ((LOOP, fails), "'seven'")]
    cases += [((LOOP, named), "'seven'")]
    if sys.platform != "win32":
        for name, told in ("SIGINT", "KeyboardInterrupt"), ("SIGTERM", "terminated"):
            sends = fails.replace("int('seven')", f"signal.raise_signal(signal.{name})")
            cases += [((LOOP, sends), told)]
    for change, told in cases:
        run = _in_order(
            (FAILED, stuck),
            change,
            ("class Worker:", "ALL = []\n\n\nclass Worker:"),
            (STARTS, f"{STARTS}        ALL.append(self.process)\n"),
            ("    main()\n", f"{TRIES}{KILLED}"),
        )
        assert run.stdout.endswith("[True, True]\n"), run
        assert run.status == (-2 if told == "KeyboardInterrupt" else 1)
        assert run.stderr.splitlines()[-1].endswith(told), run
        assert run.stderr.count("Traceback") == (told != "terminated"), run


WORKERS = "    workers = [Worker(failed) for _ in range(2)]\n"
LOOP = "        sys.stdout.writelines(in_order(workers, chunks(log)))\n"
STARTS = "        self.process.start()\n"
TRIES = "    try:\n        main()\n    finally:\n"
KILLED = """        for process in ALL:
            process.join()
        print([process.exitcode < 0 for process in ALL], flush=True)
"""


def signals() -> None:
    """Set the handler of SIGTERM after the workers have been started: under `fork`, Python ignores
    an exception that a handler raises at certain moments of the start. Before that, SIGTERM kills
    the program, unless it is PID 1, and its workers end with it. The workers ignore Ctrl-C, so
    once they have started, only the parent prints a traceback.
    """
    shown("containers/pid_1", "Without a handler, nothing happens\n")
    shown("big-file/in_order", f"{WORKERS}    signal.signal(signal.SIGTERM")
    if sys.platform != "win32":
        early = "    signal.raise_signal(signal.SIGTERM)\n"
        assert _killed((WORKERS, WORKERS + BOTH + early)).stdout == "True -15\n"
        sends = """
        for number, requests in enumerate(in_order(workers, chunks(log))):
            print(requests, end="", flush=True)
            for worker in workers if number == 0 else []:
                os.kill(worker.process.pid, signal.SIGINT)
"""
        run = _in_order((WORKS, f"{OPENS}{WORKS}"), (WORKERS, WORKERS + BOTH), (LOOP, sends))
        assert (run.stdout, run.stderr, run.status) == (RIGHT, "", 0)
    if get_start_method() == "fork":
        start = """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    ends = lambda: signal.raise_signal(signal.SIGTERM)
    os.register_at_fork(after_in_parent=ends)
"""
        ignored = _in_order((WORKERS, start + WORKERS))
        assert (ignored.stdout, ignored.status) == (RIGHT, 0)
        assert "Exception ignored" in ignored.stderr, ignored
        assert "SystemExit: terminated" in ignored.stderr, ignored


WORKS = "    while (item := line.recv()) is not None:\n"
OPENS = """
    if os.path.exists("ends"):
        os.open("ends", os.O_WRONLY)
    Path(f"{os.getpid()}.begun").touch()
"""
BOTH = """
    while len(list(Path(".").glob("*.begun"))) < 2:
        sleep(0.01)
"""


def _killed(*changes: tuple[str, str]) -> "Outcome":
    """Whether both workers end when the program is killed in one way or another."""
    return _in_order(
        ("    main()\n", "    run()\n"),
        ("def main():\n", f"{_ends(TIME_LIMIT)}def main():\n"),
        (WORKS, f"{OPENS}{WORKS}"),
        *changes,
    )


AT_END = """
def work_and_tell(function, line):
    work(function, line)
    Path(f"{os.getpid()}.end").touch()


"""


def without_shared_memory() -> None:
    """The program uses no semaphore and no shared memory, so it also runs where `/dev/shm` is full.

    With a fault put in, this is what becomes of the second program:
    """
    shown("big-file/in_order", "/dev/shm is full              right result")


def afterwards() -> None:
    """To write a file, write to a temporary name in the same folder, close the file after the last
    result, and then rename it with `os.replace`. So a program that fails or is killed leaves no
    incomplete file with the final name.

    To go on after a bad chunk, catch the exception in the function, and return it. For a chunk
    that kills its worker, try it again, or give it to another worker.
    """
    with TemporaryDirectory() as folder:
        temporary, final = Path(folder, "failed.new"), Path(folder, "failed")
        for closed in (True, False) if sys.platform != "win32" else (True,):
            file = temporary.open("w")
            file.writelines([RIGHT])
            if closed:
                file.close()
            os.replace(temporary, final)
            assert (final.stat().st_size >= len(RIGHT)) == closed
            file.close()
    shown("retry-tasks/retried", "Try(resize, photo, LIMIT)")
    shown("lost-items/acknowledged", "An order that a dead worker had is given to another worker")


def the_parent_is_killed() -> None:
    """If the parent is killed, the thread in each worker ends it, apart from two cases: a worker
    that is stopped, and C code that holds the GIL.
    """
    shown("big-file/one_worker", "parent_process().join()", "os._exit(1)")
    if sys.platform != "win32":
        kills = "        for requests in in_order(workers, chunks(log)):\n"
        kills += "            signal.raise_signal(signal.SIGKILL)\n"
        assert _killed((WORKERS, WORKERS + BOTH), (LOOP, kills)).stdout == "True -9\n"


def it_is_stuck() -> None:
    """A worker that is stuck or stopped while it works on a chunk ends the program when no other
    worker has answered for `limit` seconds. Since only a few chunks are held, the others soon run
    out of work.
    """
    stuck = f'{FAILED}    if lines[0].startswith(b"00000"):\n        Event().wait()\n'
    run = _in_order((FAILED, stuck), ("limit=60", "limit=1"))
    assert (run.stdout, run.status) == ("", 1)
    assert run.stderr.endswith("RuntimeError: item 0 not done in 1 s\n")


def half_a_result() -> None:
    """A worker that is stopped while it sends a large result, or that does not receive a large
    chunk, because it is stopped or stuck in its start, makes the parent wait without a limit.
    """
    if sys.platform == "win32":
        return
    half = f"""{FAILED}    from multiprocessing.connection import Connection

    def write_half(self, data):
        os.write(self.fileno(), bytes(data)[: len(data) // 2])
        os.kill(os.getpid(), signal.SIGSTOP)

    Connection._send = write_half
    return "x" * 1000


def unused(lines):
"""
    loop = "                for worker in map(busy.pop, ready):\n"
    begun = f'{loop}                    print("begun", flush=True)\n'
    waits = ("wait(busy, limit)", "wait(busy, 60)")
    limit = ("limit=60", "limit=0.1")
    hangs = _in_order((FAILED, half), (loop, begun), limit, waits, hangs_after="begun")
    assert (hangs.status, hangs.stdout) == (None, "begun\n")
    stops = """
        for worker in workers:
            os.kill(worker.process.pid, signal.SIGSTOP)
"""
    gives = "                worker.give(item, number)\n"
    giving = f'                print("giving", flush=True)\n{gives}'
    large = ("AHEAD, LINES = 4, 2500", "AHEAD, LINES = 4, 20_000")
    hangs = _in_order(large, (LOOP, stops + LOOP), (gives, giving), limit, hangs_after="giving")
    assert (hangs.status, hangs.stdout) == (None, "giving\n")


def parts_of_files() -> None:
    r"""Do not send the lines at all: send a path, with the start and the end of a part. The worker
    reads its part, and returns only its sums; the parent merges them. This program uses the
    `in_order` from above:

    `parts` cuts a file at the first end of a line after `SIZE` bytes, so that each line is in one
    part. A small file is one part, and an empty file none. `add_up` splits at `\n` only, as `parts`
    does: `splitlines()` would also cut a line at a lone `\r`. The work is then balanced, even if
    one file is far bigger than the others.
    """
    shown("big-file/map_reduce", "from in_order import in_order", "14 parts of 6 files")
    lines = [b"tea,%d\n" % 10**number for number in range(12)]
    with TemporaryDirectory() as folder:
        names, path = _functions("big-file/map_reduce"), Path(folder, "orders.csv")
        path.write_bytes(b"te\ra,1\nmate,2\r\n")
        (part,) = names["parts"]([path])
        assert names["add_up"](part) == {"te\ra": 1, "mate": 2}
        assert len(path.read_bytes().splitlines()) == 3
        for size in [*range(1, 30), 60, 120]:
            names = _functions("big-file/map_reduce", ("SIZE = 50_000", f"SIZE = {size}"))
            for text in b"".join(lines), b"".join(lines)[:-1], b"".join(lines[:1]), b"":
                path = Path(folder, "orders.csv")
                path.write_bytes(text)
                found = list(names["parts"]([path]))
                cut = [text[start:end] for _, start, end in found]
                assert b"".join(cut) == text
                assert all(part.endswith(b"\n") for part in cut[:-1])
                assert all(len(part) < size + 20 for part in cut)
                assert len(cut) == 1 or len(text) > size or not text
                assert bool(cut) == bool(text)
                total: Counter[str] = sum((names["add_up"](part) for part in found), Counter())
                assert total["tea"] == sum(int(line[4:]) for line in text.splitlines())


def merged() -> None:
    """`Counter.update` adds the counts; `dict.update` would replace them.

    Merge what does not depend on how the lines are grouped: counts, sums of integers, smallest and
    largest, sets. A sum of floats can change with `SIZE`, so add cents instead of dollars. For a
    mean, return the sum and the count. A median cannot be merged.
    """
    from statistics import median

    totals, replaced = Counter({"tea": 2}), {"tea": 2}
    totals.update(Counter({"tea": 3}))
    replaced.update({"tea": 3})
    assert (totals["tea"], replaced["tea"]) == (5, 3)
    one, other = [[1, 2, 9], [3, 4]], [[1, 2, 3], [4, 9]]
    for merge in sum, min, max, len:
        totalled = [(sum if merge is len else merge)([merge(p) for p in x]) for x in (one, other)]
        assert totalled == [merge([1, 2, 3, 4, 9])] * 2
    tenths = [0.1] * 10
    in_parts = [reduce(add, tenths[:5]), reduce(add, tenths[5:])]
    assert reduce(add, in_parts) != reduce(add, tenths)
    assert median(median(part) for part in one) != median(median(part) for part in other)


def the_parent_holds() -> None:
    """The parent holds the totals, and at most five partial results, with the one in the loop. If
    a part fails, no total is printed.
    """
    shown("big-file/map_reduce", "in in_order(workers, parts(paths)):\n            totals.update(")
    shown("big-file/in_order", "a worker raises               status 1, told")
    results = """
from weakref import ref

ALIVE, COUNTS = [], []


class Result(str):
    def __new__(cls, text):
        result = super().__new__(cls, text)
        ALIVE.append(ref(result))
        COUNTS.append(sum(r() is not None for r in ALIVE))
        return result


def failed(lines):
    while lines[0].startswith(b"02500") and not Path("4.done").exists():
        sleep(0.01)
    return Result(count(lines))


def count(lines):
"""
    takes = "                    done[worker.number] = worker.take()\n"
    touches = '                    Path(f"{worker.number}.done").touch()\n'
    holds = "        for requests in in_order(workers, chunks(log)):\n"
    run = _in_order(
        (FAILED, results),
        (takes, takes + touches),
        (LOOP, f"{holds}            pass\n"),
        (GUARD, f"{GUARD}    print(max(COUNTS))\n"),
    )
    assert (run.stdout, run.status) == ("5\n", 0), run


def cannot_be_cut() -> None:
    r"""Do not cut a file whose lines cannot be found by a byte `\n`: UTF-16, or CSV with line
    breaks inside quotes. A compressed file has to be read from its beginning.

    In a file that is still being written, the last line can be incomplete.
    """
    assert "tea\n".encode("utf-16-le").endswith(b"\n\0")
    assert len(b'tea,"two\nlines"\n'.splitlines()) == 2
    with TemporaryDirectory() as folder:
        names, path = _functions("big-file/map_reduce"), Path(folder, "orders.csv")
        path.write_bytes(b"tea,2\nmate,3")  # of mate,300
        assert [names["add_up"](part)["mate"] for part in names["parts"]([path])] == [3]
    half = gzip.compress(bytes(range(256)) * 100)
    with raises(gzip.BadGzipFile):
        gzip.decompress(half[len(half) // 2 :])


def a_file_object() -> None:
    """`TypeError: cannot pickle 'BufferedReader' instances`, in Python 3.11 `'_io.BufferedReader'
    object`: a file object was passed to a worker. Pass the path. Under `fork`, a file object can
    be inherited, but all processes then share one position in the file.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder, "log")
        path.write_bytes(b"line\n")
        with path.open("rb") as file:
            now = on("Python 3.12 and later")
            told = "'BufferedReader' instances" if now else "'_io.BufferedReader' object"
            with raises(TypeError, text=f"cannot pickle {told}"):
                pickle.dumps(file)
            if get_start_method() == "fork":
                worker = Process(target=file.read)
                worker.start()
                worker.join()
                assert file.read() == b""


def it_goes_wrong() -> None:
    """Memory grows with `imap_unordered`, although the input is a generator: the loop that fetches
    the results is slower than the workers, and the results pile up.

    It is slower than one process: sending a line can take longer than the work on it.

    Workers that write to the output file themselves mix their lines.
    """
    shown("pool/reads_ahead", "imap: read before the first result: 1000")
    one, other = Pipe()
    line = b"00000 GET /basket 500\n"

    def send() -> bytes:
        one.send(line)
        received: bytes = other.recv()
        return received

    works = min(repeat(lambda: line.rstrip().endswith(b" 500"), number=1000))
    assert min(repeat(send, number=1000)) > works
    shown("mixed-output/spliced", "apple pear packed\npacked")
