"""What docs/examples/readers-writer-lock.md says."""

import os
import re
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from importlib.util import find_spec
from multiprocessing import Event, Lock, Process, RawArray, get_start_method
from multiprocessing.synchronize import Event as EventType
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event as ThreadEvent
from threading import Thread
from time import monotonic, sleep
from timeit import repeat
from typing import Any

from tests.claims import PAUSE, ROOT, SURE, TIME_LIMIT, changed, no_fact, raises, script, shown
from tests.claims._starts import SIGTERM_INSIDE_A_START

PROGRAMS = ROOT / "examples" / "readers-writer-lock"
UNIX = sys.platform != "win32"
if sys.platform != "win32":
    import fcntl

sys.path.append(str(PROGRAMS))  # so that a child finds the names of what it is given
SqliteLock: Any = import_module("sqlite_rw_lock").RWLock
FileLock: Any = import_module("rw_lock").RWLock if UNIX else None
LOCKS = [FileLock, SqliteLock] if UNIX else [SqliteLock]

BEGINS = (
    "import signal\n",
    f"import os\nimport signal\nimport sys\n\nsys.path.insert(0, {str(PROGRAMS)!r})\n",
)
LEFT = (
    "import glob, multiprocessing as m; print(m.active_children(), glob.glob('tmp*/prices.lock*'))"
)
IN_SQLITE = ("from rw_lock import", "from sqlite_rw_lock import")
WRITE = "        with lock.writing():\n            for product"
READ = "        with lock.reading():\n            total"
LOOP = "        while workers:\n"


def _prices(*changes: tuple[str, str]) -> str:
    return changed("readers-writer-lock/prices", BEGINS, *changes)


def _hold(lock: Any, how: str, inside: EventType, leave: EventType) -> None:
    with getattr(lock, how)():
        inside.set()
        leave.wait(4 * TIME_LIMIT)


class _Holder:
    """A process that wants to enter, and stays inside until it is let go or killed."""

    def __init__(self, lock: Any, how: str) -> None:
        self.inside, self.leave = Event(), Event()
        self.process = Process(target=_hold, args=(lock, how, self.inside, self.leave), daemon=True)
        self.process.start()

    def enters(self) -> bool:
        """Whether it enters, however long that takes."""
        return self.inside.wait(TIME_LIMIT)

    def waits(self) -> bool:
        """Whether it is still outside after a moment."""
        return not self.inside.wait(SURE)

    def goes(self) -> None:
        """Let it leave, and end."""
        self.leave.set()
        self.process.join()
        assert self.process.exitcode == 0

    def kill(self) -> None:
        """Kill it where it is."""
        self.process.kill()
        self.process.join()


@contextmanager
def _holder(lock: Any, how: str) -> Iterator[_Holder]:
    """One that is inside; after the block it is gone."""
    holder = _Holder(lock, how)
    try:
        assert holder.enters()
        yield holder
    finally:
        holder.kill()


@contextmanager
def _path() -> Iterator[str]:
    with TemporaryDirectory() as folder:
        yield f"{folder}/lock"


def _is_free(path: str, how: int) -> bool:
    """Whether a file can be locked so at this moment."""
    assert sys.platform != "win32"
    with open(path, "a") as file:
        try:
            fcntl.flock(file, how | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _until(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    deadline = monotonic() + TIME_LIMIT
    while not condition():
        assert monotonic() < deadline
        sleep(PAUSE)


def _one_is_next(path: str) -> None:
    """Wait until one process waits to enter."""
    assert sys.platform != "win32"
    _until(lambda: not _is_free(f"{path}.next", fcntl.LOCK_EX))


def _waiting_for(path: str) -> bool:
    """Whether a process waits for the lock of a file, as Linux lists it."""
    inode = f":{Path(path).stat().st_ino} "
    lines = Path("/proc/locks").read_text("utf-8").splitlines()
    return any("-> FLOCK" in line and inode in line for line in lines)


def _again(lock: Any, inside: EventType, go_on: EventType, second: EventType) -> None:
    with lock.reading():
        inside.set()
        go_on.wait(TIME_LIMIT)
        with lock.reading():
            second.set()


def _write_inside(lock: Any, inside: EventType, second: EventType) -> None:
    with lock.reading():
        inside.set()
        with lock.writing():
            second.set()


def _processor_time(worker: Process) -> float:
    """The seconds of the processor that a process has used."""
    text = Path(f"/proc/{worker.pid}/stat").read_text("utf-8")
    user, system = text.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _seconds(use: Callable[[], object]) -> float:
    return min(repeat(use, number=20, repeat=20))


def _use(context: Any) -> None:
    with context:
        pass


def lock_a_file() -> None:
    """On Linux and macOS, `fcntl.flock` lets all readers in at once, or one writer alone, and the
    system releases the lock when its holder is killed. Windows has no `fcntl`: there, use the same
    lock in an SQLite file.

    `with lock.reading():` lets other readers in, but no writer. `with lock.writing():` lets no
    other process in.
    """
    assert (find_spec("fcntl") is None) == (sys.platform == "win32")
    for kind in LOCKS:
        with _path() as path:
            lock = kind(path)
            with _holder(lock, "reading"), _holder(lock, "reading") as other:
                writer = _Holder(lock, "writing")
                assert writer.waits()
                other.goes()
                assert writer.waits()
            assert writer.enters()  # the last reader was killed
            others = [_Holder(lock, how) for how in ("reading", "writing")]
            assert all(one.waits() for one in others)
            writer.goes()
            for one in others:
                one.leave.set()  # it may be before the other or after it
            for one in others:
                assert one.enters()
                one.goes()


def if_you_need_it() -> None:
    """If you read for less than a millisecond, or replace a file as a whole, you do not need it.

    data that does not change while workers run | nothing

    settings that are read all the time | a copy and a version number

    data that is read in less than a millisecond | a Lock: one reader at a time is fast enough

    data that is read for long and changed in place | this lock

    Do not store data in this file.

    Set this limit to longer than a worker may take.

    Each process must open the file itself.

    Start processes before you enter.
    """
    no_fact("advice")


def without_a_lock() -> None:
    """a file that is replaced as a whole | `os.replace`, without a lock"""
    shown("sqlite-and-files/replace", "os.replace(", "Output")
    with TemporaryDirectory() as folder:
        prices, new = Path(folder, "prices"), Path(folder, "new")
        prices.write_text("old")
        new.write_text("new")
        if UNIX:
            with prices.open() as file:
                os.replace(new, prices)
                assert (file.read(), prices.read_text()) == ("old", "new")


def a_writer_and_readers_of_a_database() -> None:
    """rows in an SQLite file | `PRAGMA journal_mode=WAL`: readers do not wait for the writer

    If your data is in an SQLite file, its transactions lock it, and you do not need this lock.
    """
    with TemporaryDirectory() as folder:
        path = f"{folder}/prices.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as writer:
            writer.execute("PRAGMA journal_mode=WAL")
            writer.execute("CREATE TABLE prices(price)")
            writer.execute("BEGIN IMMEDIATE")
            writer.execute("INSERT INTO prices VALUES (101)")
            with closing(sqlite3.connect(path, timeout=0)) as reader:
                rows = reader.execute("SELECT * FROM prices").fetchall()
                assert rows == []  # what was there before, without a wait
                with raises(sqlite3.OperationalError, text="database is locked"):
                    reader.execute("INSERT INTO prices VALUES (102)")
            writer.execute("COMMIT")


def saved_in_the_same_folder() -> None:
    """Save this program and the lock, which it imports, in the same folder:"""
    shown("readers-writer-lock/prices", "from rw_lock import RWLock")
    shown("readers-writer-lock/rw_lock", "class RWLock")


def old_and_new() -> None:
    """So no reader adds up old and new prices. Without the lock, a reader that comes in the middle
    of the change does.
    """
    if UNIX:
        events = (
            ("connection\n", "connection, Event\n"),
            ("args = prices, lock", "args = prices, lock, half, seen"),
            ("def main():\n", "def main():\n    half, seen = Event(), Event()\n"),
            ("add_up(prices, lock):\n", "add_up(prices, lock, half, seen):\n    half.wait()\n"),
            ("raise_each(prices, lock):", "raise_each(prices, lock, half, seen):"),
            (
                "+= 1\n",
                f"+= 1\n                if product == 500: half.set(), seen.wait({SURE / 20})\n",
            ),
        )
        outcome = script(_prices(*events))
        assert (outcome.status, outcome.stdout) == (0, "Each price is 120\n"), outcome
        outcome = script(
            _prices(*events, (READ, "        if True:\n            total"), (f"{SURE / 20}", "60"))
        )
        assert (outcome.status, outcome.stdout) == (1, ""), outcome
        assert "a total of old and new prices\n" in outcome.stderr


def one_is_next() -> None:
    """A process that wants to enter locks the file `.next` first. It is then the next one, and
    waits until it can enter; all that come later wait behind it. So a writer that is next lets no
    new reader overtake it.
    """
    if UNIX:
        with _path() as path, _holder(FileLock(path), "reading") as first:
            writer = _Holder(FileLock(path), "writing")
            _one_is_next(path)
            reader = _Holder(FileLock(path), "reading")
            assert reader.waits() and not writer.inside.is_set()
            first.goes()
            assert writer.enters() and reader.waits()
            writer.goes()
            assert reader.enters()
            reader.goes()


def a_writer_starves() -> None:
    """Without `.next`, Linux lets new readers in while a writer waits. As long as there is always a
    reader inside, the writer waits: it starves.
    """
    if sys.platform == "linux":
        with _path() as path:
            first, second = open(path, "a"), open(path, "a")  # noqa: SIM115
            entered = ThreadEvent()

            def write() -> None:
                with open(path, "a") as file:
                    fcntl.flock(file, fcntl.LOCK_EX)
                    entered.set()

            writer = Thread(target=write)
            with first, second:
                fcntl.flock(first, fcntl.LOCK_SH)
                writer.start()
                _until(lambda: _waiting_for(path))
                for leaves, comes in (first, second), (second, first), (first, second):
                    fcntl.flock(comes, fcntl.LOCK_SH | fcntl.LOCK_NB)
                    fcntl.flock(leaves, fcntl.LOCK_UN)
                    _until(lambda: _waiting_for(path))
                assert not entered.wait(SURE)
            assert entered.wait(TIME_LIMIT)
            writer.join()


USES = """
import sys
sys.path.insert(0, {folder!r})
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool, Process
from subprocess import run
from tempfile import TemporaryDirectory
from {module} import RWLock


def write(lock):
    with lock.writing():
        return lock.path


if __name__ == "__main__":
    if sys.argv[1:]:
        write(RWLock(sys.argv[1]))
        sys.exit(7)
    with TemporaryDirectory() as folder:
        lock = RWLock(folder + "/lock")
        worker = Process(target=write, args=(lock,))
        worker.start()
        worker.join()
        with Pool(1) as pool:
            print(pool.apply(write, (lock,)) == lock.path)
        with ProcessPoolExecutor(1) as pool:
            print(pool.submit(write, lock).result() == lock.path)
        program = run([sys.executable, __file__, lock.path])
        print(worker.exitcode, program.returncode)
"""


def only_a_path() -> None:
    """The lock holds only a path. So it can be an argument of a `Process`, and of a task in a
    `Pool` or an executor. Programs that were started separately use the same path. Each `with`
    opens the files anew, so the lock also works between threads.
    """
    for module in ["rw_lock", "sqlite_rw_lock"] if UNIX else ["sqlite_rw_lock"]:
        outcome = script(USES.format(folder=str(PROGRAMS), module=module))
        assert outcome.stdout == "True\nTrue\n0 7\n", outcome
    if UNIX:
        with _path() as path:
            lock, entered = FileLock(path), ThreadEvent()
            assert vars(lock) == {"path": path}

            def write() -> None:
                with lock.writing():
                    entered.set()

            writer = Thread(target=write)
            with lock.reading():
                writer.start()
                assert not entered.wait(SURE)
            assert entered.wait(TIME_LIMIT)
            writer.join()


INTERRUPTED = """
import sys
sys.path.insert(0, {folder!r})
import fcntl, os, signal, time
from threading import Thread
from rw_lock import RWLock


def interrupt():
    with open("lock.next", "a") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                fcntl.flock(file, fcntl.LOCK_UN)
                time.sleep(0.01)
            except BlockingIOError:
                break
    os.kill(os.getpid(), signal.SIGINT)


if __name__ == "__main__":
    lock = RWLock("lock")
    with lock.reading():
        Thread(target=interrupt).start()
        try:
            with lock.writing():
                print("inside")
        except KeyboardInterrupt:
            print("interrupted")
    with lock.writing():
        print("free")
"""


def while_it_waits() -> None:
    """A process that waits in `flock` does not use the processor, and Ctrl-C interrupts the
    wait.
    """
    if UNIX:
        outcome = script(INTERRUPTED.format(folder=str(PROGRAMS)))
        assert outcome.stdout == "interrupted\nfree\n", outcome
    if sys.platform == "linux":
        with _path() as path, _holder(FileLock(path), "writing"):
            reader = _Holder(FileLock(path), "reading")
            _one_is_next(path)

            def rests() -> bool:
                before = _processor_time(reader.process)
                sleep(SURE)
                return _processor_time(reader.process) - before < SURE / 10

            assert any(rests() for _ in range(30))
            assert reader.waits()
            reader.kill()


def the_two_files() -> None:
    """In your program, use a path of your own instead of a temporary folder. The two files stay
    there, empty, and do no harm. Do not remove them while a process may use the lock: the next one
    creates new files, and does not wait for those that hold the old ones.
    """
    if UNIX:
        with _path() as path:
            lock = FileLock(path)
            for context in lock.reading(), lock.writing():
                with context:
                    pass
            files = list(Path(path).parent.iterdir())
            assert sorted(one.name for one in files) == ["lock", "lock.next"]
            assert [one.stat().st_size for one in files] == [0, 0]
            with _holder(lock, "writing"):
                for one in files:
                    one.unlink()
                with lock.writing():  # no wait
                    pass


def what_it_protects() -> None:
    """The data can be anything that processes share: a RawArray, which has no lock of its own,
    shared memory, or several files that belong together.

    A process that does not ask for the lock reads and writes as it likes.
    """
    shown("readers-writer-lock/prices", 'prices, workers = RawArray("q", [100] * 1000), {}')
    assert not hasattr(RawArray("q", 1), "get_lock")
    for kind in LOCKS:
        with _path() as path, _holder(kind(path), "writing"):
            data = Path(path).with_name("data")
            data.write_text("as it likes")
            assert data.read_text() == "as it likes"


def if_a_worker_fails() -> None:
    """If a worker fails, the program names it and ends.

    After an exception, a `sys.exit(3)` or a kill, the exit code of the worker is not 0. The program
    names the worker and its exit code, and `stack` kills the others, also those that wait for the
    lock. No price is printed.
    """
    shown(
        "readers-writer-lock/prices",
        "stack.callback(worker.kill)",
        "a worker raises               status 1, told",
        "a worker calls sys.exit(3)    status 1, told",
        "a worker is killed            status 1, told",
        "a worker is killed, later     status 1, told",
    )
    if UNIX:
        dies = WRITE.replace("            for", "            os._exit(9)\n            for")
        outcome = script(_prices((WRITE, dies)))
        assert (outcome.status, outcome.stdout) == (1, ""), outcome
        assert re.search(r"Process-\d: exit code [19]\n", outcome.stderr)
        stays = WRITE.replace("            for", "            signal.pause()\n            for")
        fails = READ.replace("        with", "        open('.next')\n        with", 1)
        outcome = script(_prices((WRITE, stays), (READ, fails)))
        assert (outcome.status, outcome.stdout) == (1, ""), outcome
        assert re.search(r"Process-[123]: exit code 1\n", outcome.stderr)


def a_reader_dies() -> None:
    """A reader dies in the lock: the system releases its lock, and a waiting writer enters."""
    shown("readers-writer-lock/killed", "A reader was killed, and a writer has the lock")
    if UNIX:
        with _path() as path, _holder(FileLock(path), "reading") as reader:
            writer = _Holder(FileLock(path), "writing")
            _one_is_next(path)
            assert writer.waits()
            reader.kill()
            assert writer.enters()
            writer.goes()


def a_writer_fails() -> None:
    """A writer fails in the lock, by an exception or a kill: the lock is released, but the data may
    be half old and half new. The writer has left a mark, the text in the lock file. So each later
    `reading()` or `writing()` raises `RuntimeError`. A writer that writes all data anew enters with
    `whole=True`, and removes the mark at its end.

    Here a reader is killed in the lock, and then a writer:
    """
    shown("readers-writer-lock/killed", 'kill_one(lock, "reading")', 'kill_one(lock, "writing")')
    shown("readers-writer-lock/killed", "RuntimeError: a writer failed: half written")
    shown("readers-writer-lock/rw_lock", 'print("half written", file=file, flush=True)')
    for kind in LOCKS:
        with _path() as path:
            lock = kind(path)
            for fails in range(3):
                if fails == 0:
                    with _holder(lock, "writing") as writer:
                        writer.kill()
                else:
                    with raises(LookupError), lock.writing(whole=fails == 2):
                        raise LookupError
                if kind is FileLock:
                    assert Path(path).read_text() == "half written\n" * max(1, fails)
                for context in lock.reading(), lock.writing(), lock.reading():
                    with raises(RuntimeError, text="a writer failed: half written"), context:
                        pass
                if fails != 1:
                    with lock.writing(whole=True):
                        pass
                    for context in lock.reading(), lock.writing():
                        with context:
                            pass


def signals() -> None:
    """At Ctrl-C and SIGTERM, the program kills its workers and removes the temporary folder. A
    second Ctrl-C does not interrupt that.
    """
    shown(
        "readers-writer-lock/prices",
        "stack.callback(signal.signal, signal.SIGINT, signal.SIG_IGN)",
        "Ctrl-C                        status -2, told",
        "Ctrl-C, twice                 status -2, told",
        "SIGTERM to the parent         status 1, told",
    )
    if UNIX:
        again = "stack.callback(lambda: signal.raise_signal(signal.SIGINT))"
        stays = WRITE.replace("            for", "            signal.pause()\n            for")
        for number, status in (signal.SIGINT, -2), (signal.SIGTERM, 1):
            outcome = script(
                _prices(
                    (WRITE, stays),
                    ("        lock = RW", f"        {again}\n        lock = RW"),
                    (LOOP, f"        os.kill(os.getpid(), {number.value})\n{LOOP}"),
                    ("    main()\n", f"    try:\n        main()\n    finally:\n        {LEFT}\n"),
                )
            )
            assert (outcome.status, outcome.stdout) == (status, "[] []\n"), outcome


def a_signal_misses_one() -> None:
    """A signal that comes while a worker is starting can miss that worker, which then goes on until
    its function returns.
    """
    if get_start_method() == "fork":
        outcome = script(
            _prices(
                ("def main():\n", SIGTERM_INSIDE_A_START),
                (READ, READ.replace("        with", "        signal.pause()\n        with", 1)),
                ("    main()\n", f"    try:\n        main()\n    finally:\n{GOES_ON}"),
            )
        )
        assert (outcome.status, outcome.stdout) == (1, "(0, 0)\n"), outcome


GOES_ON = """        print(os.waitpid(started[0], os.WNOHANG))
        os.kill(started[0], signal.SIGKILL)
"""


def a_stopped_worker() -> None:
    """A worker is stopped, or stays in the lock: the others wait. If no worker has ended for 60
    seconds, the program kills them, and ends with exit status 1.
    """
    shown("readers-writer-lock/prices", 'connection.wait(workers, 60) or sys.exit("too slow")')
    if UNIX:
        stops = "signal.raise_signal(signal.SIGSTOP)"
        outcome = script(
            _prices(
                (WRITE, WRITE.replace("            for", f"            {stops}\n            for")),
                (READ, READ.replace("        with", "        signal.pause()\n        with", 1)),
                ("(workers, 60)", "(workers, 0.1)"),
                ("    main()\n", f"    try:\n        main()\n    finally:\n        {LEFT}\n"),
            )
        )
        assert (outcome.status, outcome.stdout) == (1, "[] []\n"), outcome
        assert "too slow\n" in outcome.stderr


RUN = """
def main():
    to_us, end = Pipe(duplex=False)
    is_dead = Event()
    parent = Process(target=run, args=(end, is_dead))
    parent.start()
    end.close()
    parent.join()
    is_dead.set()
    ended = 0
    try:
        while to_us.recv():
            ended += 1
    except EOFError:
        print(parent.exitcode, ended, len(glob.glob("tmp*/prices.lock")))


if __name__ == "__main__":
    main()
"""


def the_parent_is_killed() -> None:
    """If the parent is killed, its workers go on until their functions return, and the temporary
    folder remains. Workers that run forever have to end with their parent.
    """
    if UNIX:
        work = "def work(function, prices, lock, end, is_dead):\n    is_dead.wait()\n"
        head, _ = _prices(
            ("import signal\n", "import glob\nimport signal\n"),
            ("connection\n", "Event, Pipe, connection\n"),
            (
                "def main():",
                f"{work}    function(prices, lock)\n    end.send(1)\n\n\ndef run(end, is_dead):",
            ),
            ("args = prices, lock", "args = function, prices, lock, end, is_dead"),
            ("target=function", "target=work"),
            (LOOP, f"        os.kill(os.getpid(), 9)\n{LOOP}"),
        ).split('if __name__ == "__main__":\n')
        outcome = script(head + RUN)
        assert (outcome.status, outcome.stdout) == (0, "-9 4 1\n"), outcome


def sqlite_instead() -> None:
    """This lock has the same methods. To use it in the programs above, import `RWLock` from this
    module instead:
    """
    outcome = script(_prices(IN_SQLITE))
    assert (outcome.status, outcome.stdout) == (0, "Each price is 120\n"), outcome
    folder = f"import sys\nsys.path.insert(0, {str(PROGRAMS)!r})\n"
    outcome = script(
        changed("readers-writer-lock/killed", ("\nfrom m", f"\n{folder}from m"), IN_SQLITE)
    )
    printed = (PROGRAMS / "killed.out").read_text("utf-8")
    assert (outcome.status, outcome.stdout) == (0, printed), outcome


def a_waiting_writer() -> None:
    """A transaction that has read holds SQLite's SHARED lock, and `BEGIN EXCLUSIVE` acquires the
    EXCLUSIVE one. While a writer waits for the readers, it holds the PENDING lock, with which
    SQLite lets no reader of another process in.
    """
    shown("readers-writer-lock/sqlite_rw_lock", '"BEGIN", "SELECT', '"BEGIN EXCLUSIVE"')
    with _path() as path, _holder(SqliteLock(path), "reading") as first:
        writer = _Holder(SqliteLock(path), "writing")

        def refused() -> bool:
            try:
                _use(SqliteLock(path, limit=0).reading())
            except sqlite3.OperationalError:
                return True
            return False

        _until(refused)
        assert writer.waits()
        first.goes()
        assert writer.enters()
        writer.goes()


def released_too() -> None:
    """The system releases these locks, too, when their holder is killed. The mark of a writer that
    has failed is a file whose name ends in `.half`.
    """
    with _path() as path:
        for how in "reading", "writing":
            with _holder(SqliteLock(path), how) as holder:
                holder.kill()
            found = [one.name for one in Path(path).parent.iterdir() if one.suffix == ".half"]
            assert found == (["lock.half"] if how == "writing" else [])
            _use(SqliteLock(path).writing(whole=how == "writing"))


def a_limit() -> None:
    """`limit` is how many seconds a process waits; then `OperationalError` says `database is
    locked`. With `flock`, there is no limit.
    """
    shown(
        "readers-writer-lock/sqlite_rw_lock",
        "timeout=self.limit",
        "limit=0.1",
        "OperationalError: database is locked",
    )
    shown("readers-writer-lock/rw_lock", "fcntl.flock(file, how)")
    with _path() as path, _holder(SqliteLock(path), "writing"):
        begun = monotonic()
        with raises(sqlite3.OperationalError, text="database is locked"):
            _use(SqliteLock(path, limit=2).reading())
        assert monotonic() - begun > 1


def in_workers() -> None:
    """So use it in workers, which the parent can kill."""
    with _path() as path, _holder(SqliteLock(path), "writing"):
        reader = _Holder(SqliteLock(path), "reading")
        assert reader.waits()
        reader.kill()


def how_long() -> None:
    """To enter and leave as a reader takes longer than with `flock`.

    To acquire and release a `Lock` that is free takes less than a fifth of the time of `reading()`,
    which opens two files. But a `Lock` is not released when its holder is killed.
    """
    shown("readers-writer-lock/rw_lock", 'open(self.path, "a+")', 'open(f"{self.path}.next", "a")')
    shown("lock-holder-killed/terminated", "still running after 5 s")
    if UNIX:
        with TemporaryDirectory() as folder:
            in_file, in_sqlite = FileLock(f"{folder}/file"), SqliteLock(f"{folder}/sqlite")
            lock = Lock()
            file = _seconds(lambda: _use(in_file.reading()))
            assert _seconds(lambda: _use(in_sqlite.reading())) > file
            assert _seconds(lambda: _use(lock)) < file / 5


def a_counter() -> None:
    """The form of the textbooks counts the readers, and a writer waits until there are none. A
    reader that is killed is never subtracted, and all writers wait forever:

    It also lets new readers in while a writer waits.
    """
    shown(
        "readers-writer-lock/counted",
        "self.changed.wait_for(lambda: self.readers.value == 0)",
        "still running after 5 s",
        "A reader was killed, and a writer wants the lock\n",
    )
    names: dict[str, Any] = {"__name__": "counted"}
    exec(changed("readers-writer-lock/counted"), names)
    lock, entered = names["RWLock"](), ThreadEvent()

    def write() -> None:
        with lock.writing():
            entered.set()

    writer = Thread(target=write)
    with lock.reading():
        writer.start()
        _until(lambda: lock.changed._sleeping_count.get_value() == 1)
        with lock.reading():
            assert not entered.is_set()
        lock.changed.acquire()  # so that the writer has looked, and sleeps again
        lock.changed.release()
    assert entered.wait(TIME_LIMIT)
    writer.join()


def waits_for_itself() -> None:
    """A process waits for itself: it calls `writing()` inside of `reading()`. With `flock`, also
    `reading()` inside of `reading()` waits forever, if a writer has become the next one in between.
    Leave the first block before you enter the second, and look at the data again, because another
    writer may have been there.
    """
    with _path() as path:
        lock = SqliteLock(path, limit=0)
        with lock.reading():
            _use(lock.reading())
            with raises(sqlite3.OperationalError, text="database is locked"):
                _use(lock.writing())
    if UNIX:
        with _path() as path:
            inside, go_on, second = Event(), Event(), Event()
            upgrade = Process(
                target=_write_inside, args=(FileLock(path), inside, second), daemon=True
            )
            upgrade.start()
            assert inside.wait(TIME_LIMIT) and not second.wait(SURE)
            upgrade.kill()
            upgrade.join()
            inside.clear()
            nested = Process(
                target=_again, args=(FileLock(path), inside, go_on, second), daemon=True
            )
            nested.start()
            assert inside.wait(TIME_LIMIT)
            writer = _Holder(FileLock(path), "writing")
            _one_is_next(path)
            go_on.set()
            assert not second.wait(SURE) and writer.waits()
            nested.kill()
            nested.join()
            assert writer.enters()
            writer.goes()


OPENED_ONCE = """
import fcntl, os
with open("lock", "a") as file:
    fcntl.flock(file, fcntl.LOCK_EX)
    pid = os.fork()
    if pid == 0:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # no error, although it is held
        os._exit(7)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""


def opened_once() -> None:
    """The lock protects nothing: the file was opened once, and then the process was forked. Parent
    and child have the same lock.
    """
    if UNIX:
        assert script(OPENED_ONCE).stdout == "7\n"


STARTED_INSIDE = """
import sys
sys.path.insert(0, {folder!r})
import fcntl, os, signal, time
from rw_lock import RWLock


def is_free():
    with open("lock", "a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


start, ready = os.pipe()
holder = os.fork()
if holder == 0:
    with RWLock("lock").reading():
        child = os.fork()
        if child == 0:
            signal.pause()
        os.write(ready, str(child).encode())
        {ends}
    os._exit(0)
child = int(os.read(start, 100))
os.waitpid(holder, 0)
print(is_free())
os.kill(child, signal.SIGKILL)
while not is_free():
    time.sleep(0.01)
print(is_free())
"""


def started_inside() -> None:
    """All wait for a dead holder: it had started a process inside of the block. Under `fork`, that
    process has the lock, too, until it ends.
    """
    if UNIX:
        folder = str(PROGRAMS)
        killed = STARTED_INSIDE.format(folder=folder, ends="os.kill(os.getpid(), signal.SIGKILL)")
        assert script(killed).stdout == "False\nTrue\n"
        leaves = STARTED_INSIDE.format(folder=folder, ends="pass")  # which releases the lock
        assert script(leaves).stdout == "True\nTrue\n"
