"""What docs/pitfalls/mixed-output.md says."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from multiprocessing import Lock, Pipe, Pool, Process, get_start_method
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Lock as LockType
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep
from types import SimpleNamespace
from typing import TextIO

from tests.claims import TIME_LIMIT, no_fact, script, shown

ENDS = """
import os
import sys
from multiprocessing import Process

def work(end):
    sys.stdout.reconfigure(line_buffering=False)
    print("packed", end=",")
    end()

def raise_error():
    raise RuntimeError("lost")

def exit_at_once():
    os._exit(1)

if __name__ == "__main__":
    for end in [list, raise_error, exit_at_once]:
        worker = Process(target=work, args=(end,))
        worker.start()
        worker.join()
        print(end.__name__, end=";", flush=True)
"""
LOCKED_TOO_SHORT = """
import sys
from multiprocessing import Lock

if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=False)
    with Lock():
        print("under the lock", end="")
    print("after it", end="", file=sys.stderr)
    print(sys.stdout.buffer.raw.tell() if sys.stdout.seekable() else 0, end="", file=sys.stderr)
"""
LEFT_OPEN = """
from multiprocessing import Process

def pack():
    global report
    report = open("report.txt", "w")

if __name__ == "__main__":
    packer = Process(target=pack)
    packer.start()
    packer.join()
"""
UNBUFFERED = """
import sys
from multiprocessing import Process

def tell(name):
    print(name, sys.stdout.write_through, flush=True)

if __name__ == "__main__":
    tell("parent")
    child = Process(target=tell, args=("child",))
    child.start()
    child.join()
"""
shop = SimpleNamespace()


class _Calls(io.RawIOBase):
    """A file that keeps what each call of the operating system would write."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        self.written.append(bytes(data))  # type: ignore[call-overload]
        return len(self.written[-1])


def _leave_open(path: Path) -> None:
    shop.report = path.open("w", encoding="utf-8")
    shop.report.write("apple packed")


def _leave_in_a_cycle(path: Path) -> None:
    cycle: list[object] = [report := path.open("w", encoding="utf-8")]
    cycle.append(cycle)
    report.write("apple packed")


def _write_to(report: TextIO) -> None:
    report.write("apple packed")


def _flush_it(report: TextIO) -> None:
    report.flush()


def _close_it(report: TextIO) -> None:
    report.close()


def _set_up(lock: LockType, tells: Connection) -> None:
    shop.lock, shop.tells = lock, tells


def _print_slowly() -> None:
    with shop.lock:
        shop.tells.send("holds it")
        sleep(TIME_LIMIT)


def _flush(path: Path) -> None:
    _leave_open(path)
    shop.report.flush()


def _in_the_file(target: Callable[[Path], None]) -> str:
    """What is in a file after a child has written to it and ended."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "report.txt")
        worker = Process(target=target, args=(path,))
        worker.start()
        worker.join()
        assert worker.exitcode == 0
        return path.read_text("utf-8")


def the_parent_prints() -> None:
    """Let the workers return or send their lines, and let only the parent print; if a worker has
    to print, hold a lock around `print` and use `flush=True`.

    The workers return whole lines, and `map` gives them to the parent in the order of the tasks.
    """
    shown("mixed-output/parent_prints", "pool.map(pack, [", "Output\napple packed\npear packed")
    shown("mixed-output/under_lock", "with lock:", "flush=True", "apple packed")


def silent() -> None:
    """Silent. The program prints no error. It ends with exit status 0, and

    two lines are spliced (interleaved, jumbled, garbled): one process writes into the line of
    another, or two lines stand on one line and an empty line follows;

    or the lines are in another order than that in which they were printed, above all when the
    output goes to a file or a pipe;

    or lines are missing, because a process was terminated or killed, or because it left a file
    of its own open.
    """
    shown("mixed-output/spliced", "Output\napple pear packed\npacked\n")
    shown("mixed-output/wrong_order", "Output\napple packed\nWaiting for the packer\n")
    shown("mixed-output/lost", "packer.terminate()", "Output\nAll packed\n")
    shown("mixed-output/file_not_closed", "Exit code: 0\nIn the file: ''")


def in_a_pool() -> None:
    """So if the output goes to a file or a pipe, what the tasks of a pool print may be missing.
    The same holds for a daemon, which the parent terminates when it ends.

    A process that is terminated or killed does not write what is left in its buffer.
    """
    shown("process/at_the_end", "daemon=True", "Output\nThe program ends\n")
    shown("mixed-output/lost", '"apple packed", end="; ")', "packer.terminate()", "\nAll packed\n")


def no_process_waits() -> None:
    """All processes write to the same terminal or file, standard output (stdout), and no process
    waits for another.
    """
    shown("mixed-output/spliced", 'print("pear"', "apple pear packed\npacked")


def any_order() -> None:
    """The order in which they run may differ from run to run.

    Only one process at a time holds the lock, so the lines are whole. Which line comes first is
    not guaranteed.
    """
    shown("mixed-output/under_lock", "with lock:", "Output, in any order\n", "apple packed\n")


def a_buffer() -> None:
    """`print` does not write at once. It collects text in a buffer, a piece of memory of its
    process.

    If the output goes to a file or a pipe, it is written only when the buffer is full or when
    the process ends; on Linux and macOS also when `multiprocessing` starts another process.

    With `flush=True`, `print` writes at once.
    """
    calls = _Calls()
    text = io.TextIOWrapper(io.BufferedWriter(calls), encoding="utf-8")
    print("apple packed", file=text)
    assert calls.written == []
    print("pear packed", file=text, flush=True)
    assert b"".join(calls.written).split() == [b"apple", b"packed", b"pear", b"packed"]
    calls.written.clear()
    print(1_000_000 * "x", file=text)
    assert calls.written
    shown("mixed-output/wrong_order", "Output\napple packed\nWaiting for the packer\n")
    if sys.platform != "win32":
        text.flush()
        calls.written.clear()
        with redirect_stdout(text):
            print("Orders:")
            subprocess.run(["true"], check=True)
            assert calls.written == []
            worker = Process()
            worker.start()
        assert b"".join(calls.written) == b"Orders:\n"
        worker.join()


def spliced() -> None:
    """Each process prints its line in two parts. Two events make sure that the line of the
    second process comes between the two parts of the first.
    """
    shown("mixed-output/spliced", "begun.wait()", "done.wait()", "apple pear packed")


def through_a_queue() -> None:
    """If the lines are to appear while the workers run, let the workers put them on a Queue, or
    log through one.
    """
    no_fact("advice")


def without_flush() -> None:
    """Without `flush=True` the lock protects nothing if the output goes to a file or a pipe: the
    text is written later, when the process has already released the lock.
    """
    run = script(LOCKED_TOO_SHORT)
    assert (run.stdout, run.stderr) == ("under the lock", "after it0")


def the_lock_of_a_terminated_worker() -> None:
    """Do not terminate a process that may hold the lock: the lock is then never released, and the
    next `print` under it waits forever. The end of a `Pool`'s `with` block terminates workers
    that are still at work, so call `close()` and `join()` before it.
    """
    lock = Lock()
    told, tells = Pipe(duplex=False)
    with Pool(1, _set_up, (lock, tells)) as pool:
        pool.apply_async(_print_slowly)
        told.recv()
    assert not lock.acquire(block=False)
    shown("lock-holder-killed/terminated", "    worker.terminate()\n", "still running after 5 s")


def out_of_order() -> None:
    """`line_buffering=False` makes standard output behave as if you had redirected it to a file
    or a pipe. The parent prints first, but its buffer is written when it ends, after that of the
    worker.
    """
    shown(
        "mixed-output/wrong_order",
        "line_buffering=False",
        'print("Waiting for the packer")\n    go.set()',
        "Output\napple packed\nWaiting for the packer\nAll packed",
    )


def unbuffered() -> None:
    """`PYTHONUNBUFFERED=1`, set before the program starts, switches the buffer off in the parent
    and in all children. `python -u` does so in the parent, but in the children only under `fork`.
    Without the buffer no line comes late, but `print` writes each argument, each space and the
    line end separately, so lines are spliced more often.
    """
    from unittest.mock import patch

    with patch.dict(os.environ, PYTHONUNBUFFERED="1"):
        assert script(UNBUFFERED).stdout == "parent True\nchild True\n"
        del os.environ["PYTHONUNBUFFERED"]
        in_the_child = get_start_method() == "fork"
        assert script(UNBUFFERED, "-u").stdout == f"parent True\nchild {in_the_child}\n"
        assert script(UNBUFFERED).stdout == "parent False\nchild False\n"
    calls = _Calls()
    text = io.TextIOWrapper(calls, encoding="utf-8", write_through=True)  # type: ignore[type-var]
    print("apple", "packed", file=text)
    assert calls.written == [b"apple", b" ", b"packed", b"\n"]
    run = script("import sys; print(sys.stdout.write_through, type(sys.stdout.buffer))", "-u")
    assert run.stdout == "True <class '_io.FileIO'>\n"


def in_one_call() -> None:
    """To write a short line in one call of the operating system, print one string that includes
    the line end: `print(line + "\\n", end="", flush=True)`.
    """
    calls = _Calls()
    texts: list[TextIO] = [
        io.TextIOWrapper(io.BufferedWriter(calls), encoding="utf-8"),
        io.TextIOWrapper(calls, encoding="utf-8", write_through=True),  # type: ignore[type-var]
    ]
    for text in texts:
        calls.written.clear()
        print(4_095 * "x" + "\n", end="", flush=True, file=text)
        assert [len(data) for data in calls.written if data] == [4_096]


def longer_strings() -> None:
    """The parts of a longer string can be mixed with other lines; a lock around `print` prevents
    that.
    """
    shown("mixed-output/under_lock", "    with lock:\n        print(order", "apple packed")


def lost() -> None:
    """The line has no line end yet, so it is still in the buffer when the process is
    terminated.
    """
    shown("mixed-output/lost", 'print("apple packed", end="; ")', "Output\nAll packed\n")


def ended_without_terminate() -> None:
    """The other fix is to let the process end without terminating it: `join()` it, and call
    `close()` and `join()` at the end of a `Pool`'s `with` block. When its function returns or
    raises an exception, a child writes what the buffers of `sys.stdout` and `sys.stderr` hold.
    It does not do so if it calls `os._exit()`, and not always for other files.
    """
    assert script(ENDS).stdout == "packed,list;packed,raise_error;exit_at_once;"
    shown("mixed-output/file_not_closed", "In the file: ''")


def left_open() -> None:
    """The worker ends with exit code 0.

    Here the file is a global. A file in an attribute of a global object is lost in the same way,
    and so is a file that the parent opened before the fork. Do not rely on `spawn`, either: if an
    object in a reference cycle refers to the file, the text can be lost there, too.
    """
    assert _in_the_file(_leave_in_a_cycle) == ""
    shown("mixed-output/file_not_closed", "global report", "Exit code: 0\nIn the file: ''")
    assert _in_the_file(_leave_open) == ("apple packed" if get_start_method() == "spawn" else "")
    if get_start_method() == "fork":
        with TemporaryDirectory() as folder:
            path = Path(folder, "report.txt")
            with path.open("w", encoding="utf-8") as report:
                worker = Process(target=_write_to, args=(report,))
                worker.start()
                worker.join()
            assert (worker.exitcode, path.read_text("utf-8")) == (0, "")


def a_warning() -> None:
    """With `python -X dev` Python may warn of the open file, but only under `spawn`; the program
    switches that warning off.
    """
    warned = "ResourceWarning: unclosed file" in script(LEFT_OPEN, "-X", "dev").stderr
    assert not warned or get_start_method() == "spawn"
    shown("mixed-output/file_not_closed", 'warnings.simplefilter("ignore", ResourceWarning)')


def flush_after_each_task() -> None:
    """If the file has to stay open from task to task, call `flush()` after each task."""
    assert _in_the_file(_flush) == "apple packed"


TWICE = """
import logging
import sys
from multiprocessing import Process
print("imported", flush=True)

def work():
    logging.root.addHandler(logging.StreamHandler(sys.stdout))
    logging.warning("record")

if __name__ == "__main__":
    logging.root.addHandler(logging.StreamHandler(sys.stdout))
    worker = Process(target=work)
    worker.start()
    worker.join()
"""


def other_causes() -> None:
    """Two other causes: under `forkserver` and `spawn`, a `print` at module level runs again,
    because the program is imported again; and under `fork`, a worker that adds a handler to a
    logger writes each record twice, if it has inherited one. Replace the handlers instead.
    """
    lines = script(TWICE).stdout.splitlines()
    is_fork = get_start_method() == "fork"
    assert lines.count("imported") == (1 if is_fork else 2)
    assert lines.count("record") == (2 if is_fork else 1)


def written_twice() -> None:
    """Under `fork`, a child gets a copy of the buffer of each file that the parent has open. If the
    parent has not flushed its text, a child that flushes or closes the file writes that text as
    well:

    The fix is `report.flush()` before `packer.start()`.
    """
    shown("mixed-output/written_twice", "'Orders: apple packed. Orders: '")
    if get_start_method() == "fork":
        for flushes, end in ((False, _flush_it), (False, _close_it), (True, _flush_it)):
            with TemporaryDirectory() as folder:
                path = Path(folder, "report.txt")
                with path.open("w", encoding="utf-8") as report:
                    report.write("Orders: ")
                    if flushes:
                        report.flush()
                    worker = Process(target=end, args=(report,))
                    worker.start()
                    worker.join()
                assert path.read_text("utf-8") == "Orders: " * (1 if flushes else 2)
