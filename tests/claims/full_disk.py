"""What docs/pitfalls/full-disk.md says."""

import ast
import errno
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from multiprocessing import get_start_method
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.claims import changed, no_fact, on, raises, shown
from tests.claims._full_disk import FULL, MAPPED, on_a_full_disk, run

IS_POSIX = sys.platform != "win32"
LIMIT = "resource.setrlimit(resource.RLIMIT_FSIZE, (16_384, 16_384))"


def _really_full(program: str) -> "subprocess.CompletedProcess[str] | None":
    """A program of the page without its limit, and with more to write than the disk takes."""
    code = changed(
        f"full-disk/{program}", (LIMIT, "pass"), ("range(5000)", "range(50_000)"),
        ("import resource\n", ""),
    )  # fmt: skip
    return on_a_full_disk(code)


def write_a_new_file() -> None:
    """Write each result to a new file in the same folder, call `os.fsync`, and then put it in
    place with `os.replace`.

    End the program with a status other than 0.
    """
    no_fact("advice")


def the_old_file_stays_whole() -> None:
    """If the disk is full, the old file stays whole, and the worker gets an `OSError`.

    The unfinished file is removed, which frees its space.

    Lost | all old content, and the end of the new | the new content

    Kept | the beginning of the new content | all old content
    """
    shown("full-disk/replaced", "In the file: [1, 2, 3]\nIn the folder: ['prices.json']")
    shown("full-disk/replaced", "exit status 1", "Not saved: ")
    shown("full-disk/in_place", "The old prices are lost, and many of the new ones")
    if ran := _really_full("replaced"):
        assert ran.stdout == "In the file: [1, 2, 3]\nIn the folder: ['prices.json']\n"
        assert "Not saved: [Errno 28] No space left on device\n" in ran.stderr
        assert ran.returncode == 1


def silent() -> None:
    """Silent in some cases: a log file ends too early, or a file is empty or cut off, and the
    program ends with exit status 0. The next program that reads the file fails, as with a
    `JSONDecodeError`.
    """
    shown("full-disk/in_place", "Size: 16384\n", "except json.JSONDecodeError:", "Output, on Linux")
    shown("full-disk/logged", "Exit code: 0")
    if sys.platform == "linux":  # before 3.13, no message without -X dev
        ran = run("open('/dev/full', 'w').write('x')")
        assert ran.returncode == 0


def of_shared_memory() -> None:
    """If it is `/dev/shm` that is full, or `Lock()`, `Queue()` or `Pool()` raises the error, see
    /dev/shm is full.
    """
    no_fact("where to look")


def what_a_reader_gets() -> None:
    """A reader gets | any part of the new content | all old content, or all new"""
    shown("sqlite-and-files/replace", "100 readings, and none of a half-written file")
    with TemporaryDirectory() as folder:
        path = Path(folder, "prices")
        path.write_text("old")
        with path.open("w") as file:
            assert path.read_text() == ""
            for _ in range(2):
                file.write("new ")
                file.flush()
                assert path.read_text() in {"new ", "new new "}


PART = """
import os
from pathlib import Path

path = Path(os.environ["TMPDIR"], "prices")
path.write_bytes(b"old")
file = os.open(path, os.O_WRONLY | os.O_TRUNC)
written = os.write(file, bytes(1 << 20))
print(0 < written < 1 << 20, path.stat().st_size == written)
"""


def no_guarantee() -> None:
    """The system does not guarantee that a `write` stores all of its bytes, and it does not
    restore what was there before.

    The new content goes to the disk in parts, and when a part does not fit, the parts before it
    stay in the file.
    """
    shown("full-disk/in_place", "Size: 16384\nThe old prices are lost")
    if ran := on_a_full_disk(PART):
        assert (ran.stdout, ran.stderr) == ("True True\n", "")


def a_limit_stands_in() -> None:
    """A limit for the size of a file stands in for the full disk."""
    shown("full-disk/in_place", LIMIT, "[Errno 27] File too large")


def really_full() -> None:
    """With a disk that is really full, the program does the same, and the error is number 28."""
    if ran := _really_full("in_place"):
        not_saved, size, lost = ran.stdout.splitlines()
        assert not_saved == "Not saved: [Errno 28] No space left on device"
        assert size.startswith("Size: ") and size != "Size: 0"
        assert lost == "The old prices are lost, and many of the new ones"
        assert ran.returncode == 0


def the_error_comes_to_the_parent() -> None:
    """The worker's error comes to the parent, but only after the file was spoiled."""
    shown("full-disk/in_place", ".result()\n            except OSError as error", "Not saved: [")


def the_same_folder() -> None:
    """The new file is in the same folder, and so on the same disk.

    The disk needs room for both files.
    """
    shown("full-disk/replaced", 'path.with_name(path.name + ".new")', "os.replace(new, path)")


def fsync_comes_first() -> None:
    """`os.fsync` comes before `os.replace`: on some file systems, such as NFS, the system accepts
    what it cannot store, and `fsync` is the call that tells.
    """
    shown("full-disk/replaced", "os.fsync(file.fileno())\n        os.replace(new, path)")


SAVE_AGAIN = """
import os
from pathlib import Path
import program

path = Path("prices.json")
path.write_text("[1]")
path.chmod(0o640)
Path("prices.json.new").write_text("left over, and longer than the new one")
program.save(path, [1, 2])
print(path.read_text(), oct(path.stat().st_mode & 0o777), sorted(os.listdir()))
"""


def after_a_kill() -> None:
    """If the worker is killed, that file stays, and the next `save` overwrites it.

    The new file has the permissions of a new file.
    """
    if not IS_POSIX:
        return
    with TemporaryDirectory() as folder:
        code = changed(
            "full-disk/replaced",
            ("            os.fsync", "            os.kill(os.getpid(), 9)\n            os.fsync"),
            ("        save(path, [1, 2, 3])\n", '        path.write_text("[1, 2, 3]")\n'),
            (LIMIT, "pass"),
        )
        ran = run(code)
        listed = ran.stdout.rpartition("In the folder: ")[2]
        assert sorted(ast.literal_eval(listed)) == ["prices.json", "prices.json.new"]
        Path(folder, "program.py").write_text(changed("full-disk/replaced"), "utf-8")
        again = subprocess.run(
            [sys.executable, "-B", "-c", f"import os; os.umask(0o022)\n{SAVE_AGAIN}"],
            cwd=folder, env=os.environ | {"PYTHONPATH": folder}, capture_output=True, text=True,
            check=True,
        )  # fmt: skip
        assert again.stdout == "[1, 2] 0o644 ['prices.json', 'program.py']\n"


LINKED = """
import os
from pathlib import Path
import program

target, link = Path("target.json"), Path("prices.json")
for path in link, link.resolve:
    target.write_text("[1]")
    link.unlink(missing_ok=True)
    link.symlink_to(target)
    program.save(path if path is link else path(), [1, 2])
    print(link.is_symlink(), target.read_text(), link.read_text())
"""


def a_link() -> None:
    """A symbolic link is itself replaced: pass `path.resolve()` to `save`."""
    if IS_POSIX:
        with TemporaryDirectory() as folder:
            Path(folder, "program.py").write_text(changed("full-disk/replaced"), "utf-8")
            ran = subprocess.run(
                [sys.executable, "-B", "-c", LINKED], cwd=folder, capture_output=True,
                env=os.environ | {"PYTHONPATH": folder}, text=True, check=True,
            )  # fmt: skip
            assert ran.stdout == "False [1] [1, 2]\nTrue [1, 2] [1, 2]\n"


def several_writers() -> None:
    """If several processes save to the same path, add `uuid.uuid4()` to the name of the new file,
    and remove old ones before the first process starts.

    To keep those of the old one, call `shutil.copymode(path, new)` before `os.replace` if
    `path` exists.

    On Windows, `os.replace` fails while a reader has the file open.
    """
    no_fact("advice; the page that is linked proves the last one")


def into_a_buffer() -> None:
    """`write()` puts text into a buffer. What is small stays there, so the error comes with
    `flush()`, or at the end of the `with` block, when the file is closed.
    """
    shown(
        "full-disk/late", "10 characters: close() raises OSError", "10 characters: flush() raises"
    )
    shown("full-disk/late", "1000000 characters: write() raises OSError")


def around_the_block() -> None:
    """So put `try` around the whole `with` block, and tell the parent that the work is done after
    the block.
    """
    no_fact("advice")


def never_closed() -> None:
    """Without `with` and `close()`, a file is closed when Python deletes it, if it ever does."""
    shown("mixed-output/file_not_closed", "Output\n")
    with TemporaryDirectory() as folder:
        path = Path(folder, "prices")
        ran = run(f"open({str(path)!r}, 'w').write('x')", "-W", "ignore")
        assert ran.returncode == 0
        assert path.read_text() == "x"
    if sys.platform == "linux":
        ran = run("open('/dev/full', 'w').write('x')")
        assert ran.returncode == 0
        assert ("No space left on device" in ran.stderr) == on("Python 3.13 and later")


def a_log() -> None:
    """`logging` prints the error to standard error, with a traceback, and the program goes on. This
    worker catches what is printed, and shows two lines of it:
    """
    shown("full-disk/logged", "Output, on Linux\n--- Logging error ---\nOSError: [Errno 28] No")
    shown("full-disk/logged", "The worker goes on\nExit code: 0", "redirect_stderr(")
    if sys.platform == "linux":
        code = changed("full-disk/logged", ("redirect_stderr(StringIO())", "open('log', 'w+')"),
                       ("stderr.getvalue()", "''"))  # fmt: skip
        assert "Traceback (most recent call last):" in run(code).stderr


def no_place_for_the_message() -> None:
    """If standard error goes to the same disk, the message is lost, too."""
    if sys.platform == "linux":
        code = "import logging, os, sys\nlogging.basicConfig(filename='/dev/full')\n"
        code += "os.dup2(os.open('/dev/full', os.O_WRONLY), 2)\n"
        code += "logging.error('lost')\nprint('goes on')"
        ran = run(code)
        assert (ran.stdout, ran.stderr) == ("goes on\n", "")


RAISED = """
import logging

def handle_error(record):
    raise

logging.basicConfig(filename="/dev/full")
logging.getLogger().handlers[0].handleError = handle_error
try:
    logging.error("lost")
except OSError as error:
    print(error)
"""


def an_exception_instead() -> None:
    """To get the exception instead, replace the handler's `handleError` with a function that
    contains only `raise`.
    """
    if sys.platform == "linux":
        assert run(RAISED).stdout == "[Errno 28] No space left on device\n"


TASK = """
from multiprocessing import Pool

def work(path):
    with open(path, "w") as file:
        file.write("x")
    return "done"

if __name__ == "__main__":
    with Pool(1) as pool:
        try:
            pool.apply(work, ["/dev/full"])
        except OSError as error:
            print(error)
        print(pool.apply(work, ["/dev/null"]))
"""
WORKER = """
from multiprocessing import Process

def work():
    open("/dev/full", "wb", buffering=0).write(b"x")

if __name__ == "__main__":
    worker = Process(target=work)
    worker.start()
    worker.join()
    print(worker.exitcode)
"""


def of_a_task() -> None:
    """a task of a `Pool` or an executor | `get()` or `result()` raises the `OSError`, and the pool
    goes on; if nobody asks, it is not seen

    the function of a `Process` | a traceback, and exit code 1
    """
    shown("full-disk/in_place", "pool.submit(save", "Not saved: ")
    if sys.platform == "linux":
        assert run(TASK).stdout == "[Errno 28] No space left on device\ndone\n"
        ran = run(WORKER)
        assert ran.stdout == "1\n"
        assert "OSError: [Errno 28] No space left on device" in ran.stderr


PRINTS = """
import sys
from multiprocessing import Pool, Process

sys.stdout.reconfigure(line_buffering=False)  # as it is where the tests do not change it

def work():
    print("x")
    return "done"

if __name__ == "__main__":
    worker = Process(target=work)
    worker.start()
    worker.join()
    print("ended:", worker.exitcode, file=sys.stderr)
    with Pool(1) as pool:
        try:
            print(pool.apply(work), file=sys.stderr)
        except OSError:
            print("raised", file=sys.stderr)
"""


def what_is_printed() -> None:
    """a short `print()` to a file, in the program | the program ends with status 120

    a short `print()` to a file, in a `Process` | exit code 1 or 120; under `fork`, no message

    a short `print()` to a file, in a task | the task succeeds

    What a worker prints waits in a buffer until the worker ends, so its error comes after the
    result. When the buffer is full, or if the environment variable `PYTHONUNBUFFERED` is set,
    `print()` raises the error.
    """
    if sys.platform != "linux":
        return
    assert run("print('x', end='')", stdout="/dev/full").returncode == 120
    ran = run(PRINTS, stdout="/dev/full")
    before, _, after = ran.stderr.partition("ended: ")
    code, told = after.splitlines()[:2]
    assert code in {"1", "120"}
    assert told == "done"
    assert ("No space left on device" in before) == (get_start_method() != "fork")
    many = PRINTS.replace('print("x")', 'print("x" * 1_000_000)')
    for ran in (
        run(PRINTS, stdout="/dev/full", PYTHONUNBUFFERED="1"),
        run(many, stdout="/dev/full"),
    ):
        assert "ended: 1\n" in ran.stderr and "raised\n" in ran.stderr
        assert "print(" in ran.stderr.partition("ended: ")[0]


def in_sqlite() -> None:
    """SQLite | `OperationalError: database or disk is full`; `with db:` undoes the transaction"""
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("PRAGMA max_page_count=8")
        with db:
            db.execute("CREATE TABLE prices (price)")
            db.execute("INSERT INTO prices VALUES (1)")
        with raises(sqlite3.OperationalError, text="database or disk is full"), db:
            db.execute("INSERT INTO prices VALUES (2)")
            db.execute("INSERT INTO prices VALUES (zeroblob(100000))")
        assert db.execute("SELECT price FROM prices").fetchall() == [(1,)]
        assert not db.in_transaction


def in_a_mapped_file() -> None:
    """a mapped file with holes | SIGBUS kills the process"""
    shown("shared-memory-full/bus_error", "Killed by SIGBUS")
    if ran := on_a_full_disk(MAPPED):
        assert (ran.stdout, ran.returncode) == ("writing\n", -signal.SIGBUS)


INODES = """
import os
from pathlib import Path

folder = Path(os.environ["TMPDIR"])
try:
    for number in range(10_000):
        (folder / str(number)).touch()
except OSError as error:
    space = os.statvfs(folder)
    print(error.strerror, space.f_ffree, space.f_bavail > 0)
"""


def the_first_line() -> None:
    """The first line tells how much space is free. The second one tells how many files can still
    be made: without a free inode, the error is the same, although the disk has space.
    """
    from examples._inline import permitted

    if sys.platform == "linux":
        few = [FULL[-1].replace("size=16k", "size=1m,nr_inodes=9"), "/tmp"]
        command = [*FULL[:-1], *few, sys.executable, "-c", INODES]
        if permitted(*FULL, "/tmp", "true"):
            ran = subprocess.run(command, capture_output=True, text=True, check=True)
            assert ran.stdout == "No space left on device 0 True\n"


def other_numbers() -> None:
    """With a quota, the error on Linux is `[Errno 122] Disk quota exceeded`. After `ulimit -f`, it
    is `[Errno 27] File too large`.
    """
    shown("full-disk/in_place", "[Errno 27] File too large")
    if sys.platform == "linux":
        assert (errno.EDQUOT, os.strerror(errno.EDQUOT)) == (122, "Disk quota exceeded")
        assert (errno.EFBIG, os.strerror(errno.EFBIG)) == (27, "File too large")
