"""What docs/examples/big-file.md says."""

import gzip
import io
import pickle
import sys
from collections import Counter
from collections.abc import Callable
from inspect import isgeneratorfunction
from multiprocessing import Process, get_start_method
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from examples._runner import Outcome
from tests.claims import SURE, changed, no_fact, on, raises, script, shown

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


def _read_ahead(*changes: tuple[str, str], hangs_after: str = "") -> Outcome:
    """What the short form does if something in it is different."""
    return script(changed("big-file/read_ahead", *COUNTED, *changes), hangs_after=hangs_after)


def _in_order(*changes: tuple[str, str], hangs_after: str = "") -> Outcome:
    """What the form for production does if something in it is different."""
    code = changed("big-file/one_worker").partition("def main")[0]
    code += changed("big-file/read_ahead", *COUNTED).partition("def in_order")[0]
    code += changed(
        "big-file/in_order",
        ("from one_worker import Worker\nfrom read_ahead import chunks, failed, make_log\n", ""),
    )
    for old, new in changes:
        assert old in code, old
        code = code.replace(old, new)
    return script(code, hangs_after=hangs_after)


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
    stays bounded.

    `in_order` submits chunks until four are held, that is, submitted and not yet yielded. Then it
    waits for the oldest.

    `in_order` is a generator. While your loop handles a result, nothing is read, so a slow loop
    does not let results pile up.
    """
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
    for name in "SIGTERM", "SIGKILL":
        goes_on = _read_ahead(
            ("    main()\n", "    run()\n"),
            ("def main():\n", f"{AFTER}def main():\n"),
            (PRINTS, f"            signal.raise_signal(signal.{name})\n"),
            (FAILED, f'{FAILED}    Path(f"{{os.getpid()}}.pid").touch()\n'),
        )
        assert goes_on.stdout == f"True -{9 if name == 'SIGKILL' else 15}\n", goes_on


AFTER = f"""
def run():
    program = os.fork()
    if not program:
        main()
    status = os.waitstatus_to_exitcode(os.waitpid(program, 0)[1])
    sleep({SURE})
    pids = [int(path.stem) for path in Path(".").glob("*.pid")]
    for pid in pids:
        os.kill(pid, 0)  # raises ProcessLookupError if there is none
    print(bool(pids), status, flush=True)


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
    `executor.map(failed, chunks(log), buffersize=4)`.
    """
    if on("Python 3.14 and later"):
        call = "executor.map(failed, chunks(log), buffersize=4)"
        run = _read_ahead(
            ("in_order(executor, failed, chunks(log))", call),
            (FAILED, WAITS),
            (PRINTS, f"            GIVEN.append(0)\n{PRINTS}"),
            (GUARD, f"{GUARD}    print(max(HELD))\n"),
        )
        assert run.stdout in (f"{RIGHT}4\n", f"{RIGHT}5\n")


def one_at_a_time() -> None:
    """A worker has one chunk at a time, and its next chunk is sent when its result has been
    received. `busy` has the workers that have a chunk, and `done` the results whose turn has not
    come. Together they are at most `ahead`.

    `limit` is how many seconds the parent waits if no worker answers.
    """
    loop = "        sys.stdout.writelines(in_order(workers, chunks(log)))\n"
    counts = "        for requests in in_order(workers, chunks(log)):\n"
    counts += '            GIVEN.append(0)\n            print(requests, end="", flush=True)\n'
    run = _in_order(
        ("AHEAD, LINES = 4, 2500", "AHEAD, LINES = 4, 500"),
        (FAILED, WAITS),
        (loop, counts),
        (GUARD, f"{GUARD}    print(max(HELD), len(GIVEN))\n"),
    )
    assert (run.stdout, run.status) == (f"{RIGHT}4 40\n", 0)
    one = _in_order(("range(2)]", "range(1)]"))
    assert (one.stdout, one.status) == (RIGHT, 0)
    empty = _in_order(("    log.seek(0)\n", ""))
    assert (empty.stdout, empty.stderr, empty.status) == ("", "", 0)
    shown("big-file/in_order", "[Worker(failed) for _ in range(2)]", "wait(busy, limit)")


def a_worker_ends() -> None:
    """If a worker ends without a result, even with exit code 0, `take` ends the program with the
    number of the item and the exit code. An exception in the function also writes its traceback
    to standard error.

    What is printed before that has no gap: it is the beginning of the right output.
    """
    fifth = f'{FAILED}    if lines[0].startswith(b"10000"):\n        '
    for ending, code in ("os._exit(0)", 0), ("raise SystemExit(3)", 3), ('int("seven")', 1):
        run = _in_order((FAILED, f"{fifth}{ending}\n"))
        assert run.stderr.endswith(f"item 4: exit code {code}\n"), run
        assert run.status == 1
        assert RIGHT.startswith(run.stdout)
        assert "10000" not in run.stdout
        assert ("ValueError: invalid literal" in run.stderr) == (code == 1)


def all_are_ended() -> None:
    """When the input is used up, each worker gets `None`, and ends. At Ctrl-C, SIGTERM, or an
    exception in the loop or in `chunks`, the `finally` kills all workers.
    """
    shown("big-file/one_worker", "while (item := line.recv()) is not None", "self.give(None)")
    ended = _in_order(
        ("class Worker:", AT_END + "class Worker:"),
        ("target=work", "target=work_and_tell"),
        (GUARD, f'{GUARD}    print(len(list(Path(".").glob("*.end"))))\n'),
    )
    assert (ended.stdout, ended.status) == (f"{RIGHT}2\n", 0)
    stuck = f'{FAILED}    if lines[0].startswith(b"05000"):\n        Event().wait()\n'
    broken = (
        f'        if lines[0].startswith(b"07500"):\n            raise OSError("disk")\n{READS}'
    )
    loop = "        sys.stdout.writelines(in_order(workers, chunks(log)))\n"
    fails = "        for requests in in_order(workers, chunks(log)):\n            int('seven')\n"
    for change, told in ((READS, broken), "OSError: disk"), ((loop, fails), "'seven'"):
        run = _in_order((FAILED, stuck), change)
        assert (run.status, run.stderr.splitlines()[-1][-len(told) :]) == (1, told)


BOTH_STARTED = """        for requests in in_order(workers, chunks(log)):
            while len(list(Path(".").glob("*.pid"))) < 2:
                sleep(0.01)
"""


def signals() -> None:
    """Set the handler of SIGTERM after the workers have been started: under `fork`, Python ignores
    an exception that a handler raises at certain moments of the start. Before that, SIGTERM kills
    the program, and its workers end with it. The workers ignore Ctrl-C, so once they have started,
    only the parent prints a traceback.
    """
    workers = "    workers = [Worker(failed) for _ in range(2)]\n"
    shown("big-file/in_order", f"{workers}    signal.signal(signal.SIGTERM")
    loop = "        sys.stdout.writelines(in_order(workers, chunks(log)))\n"
    for name, status, told in ("SIGTERM", 1, "terminated"), ("SIGINT", -2, "KeyboardInterrupt"):
        if sys.platform != "win32":
            ends = BOTH_STARTED + f"            signal.raise_signal(signal.{name})\n"
            touches = f'{FAILED}    Path(f"{{os.getpid()}}.pid").touch()\n'
            run = _in_order((FAILED, touches), (loop, ends))
            assert (run.status, run.stdout, run.stderr.splitlines()[-1]) == (status, "", told)
            assert run.stderr.count("Traceback") == (name == "SIGINT")
    if get_start_method() == "fork":
        start = """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    ends = lambda: signal.raise_signal(signal.SIGTERM)
    os.register_at_fork(after_in_parent=ends)
"""
        ignored = _in_order((workers, start + workers))
        assert (ignored.stdout, ignored.status) == (RIGHT, 0)
        assert "Exception ignored" in ignored.stderr, ignored
        assert "SystemExit: terminated" in ignored.stderr, ignored


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
    """To write a file, write to a temporary name, and rename it with `os.replace` after the last
    result. So an incomplete file never has the final name.

    To go on after a bad chunk, catch the exception in the function, and return it. For a chunk
    that kills its worker, try it again, or give it to another worker.
    """
    shown("retry-tasks/retried", "Try(resize, photo, LIMIT)")
    shown("lost-items/acknowledged", "An order that a dead worker had is given to another worker")


def the_parent_is_killed() -> None:
    """If the parent is killed, the thread in each worker ends it; see workers that end with their
    parent.
    """
    shown("big-file/one_worker", "parent_process().join()", "os._exit(1)")
    shown("ctrl-c", "parent_process().join()", "os._exit(1)")  # there the parent is killed


def it_is_stuck() -> None:
    """A worker that is stuck or stopped ends the program when no other worker has answered for
    `limit` seconds. Since at most `ahead` chunks are held, the others soon run out of work.
    """
    stuck = f'{FAILED}    if lines[0].startswith(b"00000"):\n        Event().wait()\n'
    run = _in_order((FAILED, stuck), ("limit=60", "limit=1"))
    assert (run.stdout, run.stderr, run.status) == ("", "item 0: no answer for 1 s\n", 1)


def half_a_result() -> None:
    """A worker that is stopped while it sends a large result makes the parent wait without a
    limit.
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
    hangs = _in_order((FAILED, half), (loop, begun), ("limit=60", "limit=0.1"), hangs_after="begun")
    assert (hangs.status, hangs.stdout) in ((None, "begun\n"), (1, ""))


def parts_of_files() -> None:
    """Do not send the lines at all: send a path, with the start and the end of a part. The worker
    reads its part, and returns only its sums; the parent merges them. This program uses the
    `in_order` from above:

    `parts` cuts a file at the first end of a line after `SIZE` bytes, so that each line is in one
    part. A small file is one part, and an empty file none. The work is then balanced, even if one
    file is far bigger than the others.
    """
    shown("big-file/map_reduce", "from in_order import in_order", "14 parts of 6 files")
    lines = [b"tea,%d\n" % 10**number for number in range(12)]
    with TemporaryDirectory() as folder:
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

    Merge what does not depend on how the lines are grouped: sums, counts, smallest and largest,
    sets. For a mean, return the sum and the count. A median cannot be merged.
    """
    totals, replaced = Counter({"tea": 2}), {"tea": 2}
    totals.update(Counter({"tea": 3}))
    replaced.update({"tea": 3})
    assert (totals["tea"], replaced["tea"]) == (5, 3)
    one, other = [[1, 2, 9], [3, 4]], [[1, 2, 3], [4, 9]]
    for merge in sum, min, max, len:
        totalled = [(sum if merge is len else merge)([merge(p) for p in x]) for x in (one, other)]
        assert totalled == [merge([1, 2, 3, 4, 9])] * 2
    assert median(median(part) for part in one) != median(median(part) for part in other)


def the_parent_holds() -> None:
    """The parent holds the totals, and at most four partial results. If a part fails, no total is
    printed.
    """
    shown("big-file/map_reduce", "in in_order(workers, parts(paths)):\n            totals.update(")
    shown("big-file/in_order", "ahead=4", "a worker raises               status 1, told")


def cannot_be_cut() -> None:
    r"""Do not cut a file whose lines cannot be found by a byte `\n`: UTF-16, or CSV with line
    breaks inside quotes. A compressed file has to be read from its beginning.
    """
    assert "tea\n".encode("utf-16-le").endswith(b"\n\0")
    assert len(b'tea,"two\nlines"\n'.splitlines()) == 2
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
    shown("worth-it/task_size", "task")
    shown("mixed-output/spliced", "print")
