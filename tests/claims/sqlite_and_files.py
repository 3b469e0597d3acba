"""What docs/examples/sqlite-and-files.md says."""

import os
import pickle
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from multiprocessing import Pipe, Process, get_start_method
from multiprocessing.connection import Connection
from pathlib import Path
from runpy import run_path
from tempfile import TemporaryDirectory
from threading import Barrier
from time import sleep
from typing import IO

from tests.claims import ROOT, TIME_LIMIT, changed, no_fact, on, raises, script, shown
from tests.claims._starts import SIGTERM_INSIDE_A_START

if sys.platform != "win32":
    import fcntl

QUEUE = ROOT / "examples" / "sqlite-and-files" / "jobs.py"


def _connect(path: Path, timeout: float = 0) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=timeout, isolation_level=None)


@contextmanager
def _two(timeout: float = 0) -> Iterator[tuple[sqlite3.Connection, sqlite3.Connection]]:
    """Two connections to one file, in which 0 tickets are sold."""
    with TemporaryDirectory(dir=".") as folder:
        path = Path(folder, "tickets.db")
        with closing(_connect(path, timeout)) as one, closing(_connect(path, timeout)) as other:
            one.execute("CREATE TABLE concert AS SELECT 0 AS sold")
            yield one, other


def _sold(db: sqlite3.Connection) -> int:
    found: tuple[int] = db.execute("SELECT sold FROM concert").fetchone()
    return found[0]


def _take_work_and_die(path: Path, done: Path, raised: bool) -> None:
    with closing(_connect(path)) as db:
        photo, _ = db.execute(run_path(str(QUEUE))["TAKE"]).fetchall()[0]
        with open(done, "a", encoding="utf-8") as file:
            file.write(f"{photo}\n")
        if raised:
            raise ValueError("no beach")
        os._exit(1)


def _sell_and_die(path: Path) -> None:
    db = _connect(path)
    db.execute("BEGIN IMMEDIATE")
    db.execute("UPDATE concert SET sold = 7")
    os._exit(7)


def _sell(path: Path, parent: Connection) -> None:
    for _ in range(2):
        parent.recv()
        with closing(_connect(path)) as db:
            try:
                db.execute("UPDATE concert SET sold = sold + 1")
                parent.send("sold")
            except sqlite3.OperationalError as error:
                parent.send(str(error))


def _lock_and_wait(path: Path, to_parent: Connection, end: Connection) -> None:
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write("7")
        to_parent.send("locked")
        end.recv()


def _sell_slowly(path: Path, timeout: float, begin: Barrier) -> None:
    with closing(_connect(path, timeout)) as db:
        begin.wait()
        with db:
            db.execute("BEGIN IMMEDIATE")
            sleep(0.1)
            db.execute("UPDATE concert SET sold = sold + 1")


def _wait(end: Connection) -> None:
    end.recv()


def _is_free(file: IO[str]) -> bool:
    """Whether the lock can be acquired; then it is released."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(file, fcntl.LOCK_UN)
    return True


def three_rules() -> None:
    """To share data through a file, use SQLite: give each process its own connection with a
    `timeout`, and begin each change that reads before it writes with `BEGIN IMMEDIATE`.
    """
    shown("sqlite-and-files/counter", "with connect(path) as db:", '"BEGIN IMMEDIATE"')
    shown("sqlite-and-files/counter", "timeout=60", "Tickets sold by 3 sellers: 30")


def when_a_file() -> None:
    """Choose a file if the data must remain after the program has ended, or if the processes were
    started separately.

    Keep the file on a local disk: locks on network file systems are not reliable.

    In that case, store in each row when the job was taken, and reset only the jobs that were
    taken longer ago than any job can last.

    So write the work in such a way that doing it twice does no harm.

    Then hold a lock around each use of the connection.

    For the children of one program, use a Lock.

    For log records, let one process write them all: logging from many processes.
    """
    no_fact("advice")


def pass_the_path() -> None:
    """Pass the path to each process, not the connection, which cannot be pickled."""
    with _two() as (db, _), raises(TypeError, text="cannot pickle 'sqlite3.Connection' object"):
        pickle.dumps(db)
    shown("sqlite-and-files/counter", "args=(path, 10)")


def each_opens_its_own() -> None:
    """Each process opens its own connection.

    In the programs under database is locked, the parent opens its connection after it has started
    the child.
    """
    shown("sqlite-and-files/counter", "def sell(path, tickets):\n    with connect(path) as db:")
    shown("sqlite-and-files/database_locked", "clerk.start()\n", "with closing(connect(")
    shown("sqlite-and-files/waits", "clerk.start()\n        end.close()", "with closing(connect(")


def one_writer() -> None:
    """`BEGIN IMMEDIATE` acquires the lock for writing *before* the number is read, and only one
    connection at a time can hold that lock. So read, add and write are one step.

    Until a transaction that began with `BEGIN IMMEDIATE` ends, no other connection can write.
    """
    with _two() as (one, other):
        one.execute("BEGIN IMMEDIATE")
        for write in ("BEGIN IMMEDIATE", "UPDATE concert SET sold = 7"):
            with raises(sqlite3.OperationalError, text="database is locked"):
                other.execute(write)
        one.execute("COMMIT")
        other.execute("UPDATE concert SET sold = 7")
        assert _sold(one) == 7
    shown("sqlite-and-files/counter", "BEGIN IMMEDIATE", "Tickets sold by 3 sellers: 30")


def how_long_it_waits() -> None:
    """`timeout=60` is how many seconds a process waits for the lock before it gets the error
    `database is locked`.
    """
    with _two(timeout=0.1) as (one, other):
        one.execute("BEGIN IMMEDIATE")
        with raises(sqlite3.OperationalError, text="database is locked"):
            other.execute("BEGIN IMMEDIATE")
    shown("sqlite-and-files/waits", "timeout=60", "Output\nwritten")


def a_commit_that_is_skipped() -> None:
    """If you write `COMMIT` at the end instead, an exception skips it, and a program that catches
    the exception keeps the lock.

    The last transaction of this connection has not ended, often because an exception skipped its
    `COMMIT` and was caught further out.
    """
    with _two() as (one, other):
        with raises(ValueError, text="sold out"):
            one.execute("BEGIN IMMEDIATE")
            if _sold(one) == 0:
                raise ValueError("sold out")
            one.execute("COMMIT")
        assert one.in_transaction
        with raises(sqlite3.OperationalError, text="database is locked"):
            other.execute("BEGIN IMMEDIATE")
        with raises(sqlite3.OperationalError, text="cannot start a transaction within"):
            one.execute("BEGIN IMMEDIATE")


def a_transaction_that_python_began() -> None:
    """By default, Python begins one before a statement such as `UPDATE`. Until you commit, no other
    connection can write, and if you close the connection without a commit, the change is lost.

    Without `isolation_level=None`, Python may have begun a transaction, too.
    """
    with TemporaryDirectory(dir=".") as folder:
        path = Path(folder, "tickets.db")
        with closing(_connect(path)) as other:
            other.execute("CREATE TABLE concert AS SELECT 0 AS sold")
            with closing(sqlite3.connect(path)) as db:
                db.execute("UPDATE concert SET sold = 7")
                with raises(sqlite3.OperationalError, text="database is locked"):
                    other.execute("UPDATE concert SET sold = 1")
                with raises(sqlite3.OperationalError, text="cannot start a transaction within"):
                    db.execute("BEGIN IMMEDIATE")
            assert _sold(other) == 0
            other.execute("UPDATE concert SET sold = sold + 1")
            assert not other.in_transaction


def with_db_and_autocommit() -> None:
    """With `autocommit=True`, which Python 3.12 and later have, `with db:` does nothing: use
    `isolation_level=None`.
    """
    if not on("Python 3.12 and later"):
        with raises(TypeError, text="autocommit"):
            sqlite3.connect(":memory:", autocommit=True)  # type: ignore[call-overload, unused-ignore]
        return
    db: sqlite3.Connection = sqlite3.connect(":memory:", autocommit=True)  # type: ignore[call-overload, unused-ignore]
    with closing(db):
        with db:
            db.execute("BEGIN IMMEDIATE")
        assert db.in_transaction


def a_lock_that_is_lost() -> None:
    """On Linux and macOS, a process that has a connection must not open the database file in any
    other way, such as to copy it. When the process closes that file, the connection loses its
    locks, and another process can write in the middle of the transaction.
    """
    if sys.platform == "win32":
        return
    here, there = Pipe()
    with TemporaryDirectory(dir=".") as folder:
        path = Path(folder, "tickets.db")
        seller = Process(target=_sell, args=(path, there), daemon=True)
        seller.start()
        there.close()
        with closing(_connect(path)) as db:
            db.execute("CREATE TABLE concert AS SELECT 0 AS sold")
            db.execute("BEGIN IMMEDIATE")
            sold = _sold(db)
            here.send("sell")
            assert here.recv() == "database is locked"
            path.read_bytes()
            here.send("sell")
            assert here.recv() == "sold"
            db.execute("UPDATE concert SET sold = ?", [sold + 1])
            db.execute("COMMIT")
            assert _sold(db) == 1
        seller.join()
    here.close()


def it_does_not_close() -> None:
    """`with db:` does not close the connection. `with closing(db):` does."""
    with TemporaryDirectory(dir=".") as folder:
        db = _connect(Path(folder, "tickets.db"))
        with db:
            pass
        assert db.execute("SELECT 7").fetchone() == (7,)
        with closing(db):
            pass
        with raises(sqlite3.ProgrammingError, text="closed database"):
            db.execute("SELECT 7")


FAULTS = [
    ("raise ValueError('sold out')", 1, "ValueError: sold out\n"),
    ("import sys; sys.exit(3)", 3, ""),
    ("import os, signal; os.kill(os.getpid(), 9)", -9, ""),
]
"""What is put into a process, its exit code, and what it tells."""
PLACES = [
    ("counter", "        for _ in range(tickets):\n", "        "),
    ("file_lock", "            lock(guard)\n", "            "),
    ("append_lines", '            log.write(f"', "            "),
    ("replace", "        prices = json", "        "),
    ("database_locked", "    line.recv()\n", "    "),
    ("waits", "    line.recv()\n", "    "),
]
"""A place in each program that starts processes, and how far it is indented."""


def it_is_named() -> None:
    """If a process fails, the program names it and ends.

    After an exception, a `sys.exit(3)` or a kill, the `exitcode` of the process is not 0. Then the
    program names the process and its exit code, prints no number, and ends with exit status 1.

    The other programs on this page that start processes end in the same way if one fails.

    A pipe brings the answer, because `recv()` raises `EOFError` (on Windows, not always) if the
    child dies before it has answered:

    If a process is killed while it holds the lock, the others wait forever, so the program waits
    for all of them at once, and kills them:
    """
    shown("lock-holder-killed/terminated", "worker.terminate()", "still running after 5 s")
    shown("sqlite-and-files/append_lines", "for sentinel in wait(running):", "writer.kill()")
    shown(
        "sqlite-and-files/database_locked", "except (EOFError, OSError):\n            clerk.join()"
    )
    if sys.platform == "win32":
        return  # the exit codes there are others
    for number, (program, place, indent) in enumerate(PLACES):
        for fault, code, told in [FAULTS[-1], FAULTS[number % 2]]:
            source = changed(f"sqlite-and-files/{program}", (place, f"{indent}{fault}\n{place}"))
            outcome = script(source)
            assert (outcome.status, outcome.stdout) == (1, ""), outcome
            assert told in outcome.stderr
            assert f": exit code {code}\n" in outcome.stderr


def nobody_waits_for_it() -> None:
    """The transaction that the process had not finished is undone, and no lock is left, so no other
    process waits for the dead one. So `join()` one after the other is safe here; where the
    processes hold a Lock, or run for long, wait for all at once.
    """
    shown("sqlite-and-files/work_queue", "for sentinel in wait(running):")
    with TemporaryDirectory(dir=".") as folder:
        path = Path(folder, "tickets.db")
        with closing(_connect(path)) as db:
            db.execute("CREATE TABLE concert AS SELECT 0 AS sold")
        seller = Process(target=_sell_and_die, args=(path,))
        seller.start()
        seller.join()
        assert seller.exitcode == 7
        with closing(_connect(path)) as db:
            assert _sold(db) == 0
            db.execute("UPDATE concert SET sold = 1")  # the timeout is 0


def the_rest_is_killed() -> None:
    """The `finally` kills the processes that still run, and waits for them, before the folder is
    removed. It also does so after Ctrl-C, and when the program gets SIGTERM, for which the handler
    raises an exception.
    """
    if sys.platform == "win32":
        return
    counter = "sqlite-and-files/counter"
    shown(
        counter,
        "finally:\n            for seller in active_children():\n                seller.kill",
    )
    place = "            for seller in sellers:\n                seller.join()\n"
    for number, status, told in [
        ("SIGTERM", 1, "terminated\n"),
        ("SIGINT", -2, "KeyboardInterrupt\n"),
    ]:
        outcome = script(
            changed(
                counter,
                ("        for _ in range(tickets):\n", "        while True:\n"),
                (place, f"            signal.raise_signal(signal.{number})\n{place}"),
                ("    print(", "    # "),
                ("                seller.join()\n        with", ENDED),
            )
        )
        assert (outcome.status, outcome.stdout) == (status, "-9 -9 -9\n"), outcome
        assert outcome.stderr.endswith(told)


ENDED = """                seller.join()
            print(*[seller.exitcode for seller in sellers])
        with"""


MISSED = """        finally:
            print(active_children(), os.kill(started[0], 0))
            os.kill(started[0], signal.SIGKILL)
"""


def one_that_is_being_started() -> None:
    """On Linux and macOS, a signal that comes while a process is being started can miss that
    process, which then goes on.
    """
    if get_start_method() == "fork":
        outcome = script(
            changed(
                "sqlite-and-files/counter",
                ("def main():\n", SIGTERM_INSIDE_A_START),
                ("        finally:\n", MISSED),
            )
        )
        assert (outcome.status, outcome.stdout) == (1, "[] None\n"), outcome


def if_the_program_is_killed() -> None:
    """If the program itself is killed, its processes finish their work, and the temporary folder
    stays. A process that is stopped by SIGSTOP is waited for: set a time limit.
    """
    shown("stop-early/time_limit", "worker.join(timeout=0.5)", "worker.kill()")
    if sys.platform == "win32":
        return
    place = "            for seller in sellers:\n                seller.join()\n"
    outcome = script(
        changed(
            "sqlite-and-files/counter",
            ("import sys\n", "import os\nimport sys\nfrom pathlib import Path\n"),
            ("    with connect(path) as db:\n        for _", WAITS),
            (place, f"            os._exit(9)\n{place}"),
            ("    main()\n", FINISHES),
        )
    )
    assert (outcome.status, outcome.stdout) == (0, "9 30\n"), outcome


WAITS = """    while not Path("go").exists(): pass
    with connect(path) as db:
        for _"""
FINISHES = """    program = Process(target=main)
    program.start()
    program.join()
    Path("go").touch()
    (path,) = Path().glob("*/tickets.db")
    sold = 0
    while sold < 30:
        with connect(path) as db:
            (sold,) = db.execute("SELECT sold FROM concert").fetchone()
    print(program.exitcode, sold)
"""


def _of_the_queue(change: tuple[str, str]) -> str:
    """The module and the program with the workers in one file, with another text in it."""
    jobs, _, _ = changed("sqlite-and-files/jobs").partition("def main")
    imports = "from jobs import ADD, MAKE, RESET, SHOW, TAKE, connect, run_worker\n"
    code = jobs + changed("sqlite-and-files/work_queue", (imports, ""))
    assert change[0] in code
    return code.replace(*change)


def in_one_statement() -> None:
    """Each worker marks a new job as `taken` in one statement, which is a transaction of its own,
    does the work outside of any transaction, and writes the result. So no two workers get the
    same job, and a job that is not done is still in the table if a worker crashes.

    A job whose worker has died or raised an exception stays `taken`.

    If a second program may be running, that would also reset the jobs on which the second program
    is working.

    Either way, a job can be done twice, because its worker may have died after the work but
    before it wrote `done`.
    """
    shown("sqlite-and-files/work_queue", "BEACH done 1\nBRIDGE done 1\nCASTLE done 1\nHARBOR done")
    program = run_path(str(QUEUE))
    with TemporaryDirectory(dir=".") as folder:
        path, done = Path(folder, "jobs.db"), Path(folder, "done")
        with closing(_connect(path)) as db:
            db.execute(program["MAKE"])
            db.execute("INSERT INTO jobs (photo) VALUES ('beach')")
        for raised in (False, True):
            if raised:
                with raises(ValueError):
                    _take_work_and_die(path, done, raised)
            else:
                worker = Process(target=_take_work_and_die, args=(path, done, raised))
                worker.start()
                worker.join()
            with closing(_connect(path)) as db:
                assert db.execute(program["SHOW"]).fetchall() == [("beach", "taken", 0)]
                assert db.execute(program["TAKE"]).fetchall() == []
                db.execute("UPDATE jobs SET state = 'new' WHERE state = 'taken'")
        assert done.read_text("utf-8") == "beach\nbeach\n"


def three_workers() -> None:
    """The program imports this module, and starts three workers:

    If a worker fails, the program kills the others, names the one that failed, and ends with exit
    status 1.

    For that, no worker may be left of the run before: the thread ends each worker with its parent,
    even if that is killed.
    """
    shown("sqlite-and-files/work_queue", "from jobs import", 'for _ in "ABC"]', "worker.kill()")
    shown("sqlite-and-files/jobs", "parent_process().join()\n    os._exit(1)")
    shown("ctrl-c", "parent_process().join()\n    os._exit(1)")  # there the parent is killed
    place = "            db.execute(FINISH"
    for fault, code, told in FAULTS if sys.platform != "win32" else FAULTS[:2]:
        outcome = script(_of_the_queue((place, f"            {fault}\n{place}")))
        assert (outcome.status, outcome.stdout) == (1, "")
        assert told in outcome.stderr
        assert outcome.stderr.endswith(f": exit code {code}\n")


def started_again() -> None:
    """`RESET` sets such jobs to `new` when the program is started again, as long as only one
    program works on the table.
    """
    shown("sqlite-and-files/work_queue", "db.execute(TAKE).fetchall()", "db.execute(RESET)")
    shown("sqlite-and-files/work_queue", "BEACH done 1\n")
    without = script(_of_the_queue(("            db.execute(RESET)\n", "")))
    assert without.stdout.startswith("beach taken 0\nBRIDGE done 1\n")


def database_is_locked() -> None:
    """`sqlite3.OperationalError: database is locked` usually means that another connection held
    the lock for longer than the timeout. Here the timeout is 0, and the parent holds the lock
    until it has received the answer.
    """
    shown("sqlite-and-files/database_locked", "timeout=0", "OperationalError: database is locked")
    shown(
        "sqlite-and-files/database_locked", 'print(line.recv())\n                db.execute("COMMI'
    )


def wait_longer() -> None:
    """The fix is short transactions, as here, where the parent commits before it waits for the
    answer, and a long timeout. Multiply the longest transaction by the number of processes, and
    use several times that: they get the lock in no certain order.
    """
    from concurrent.futures import ThreadPoolExecutor

    shown("sqlite-and-files/waits", '"COMMIT")\n                print(line.recv())', "timeout=60")
    shown("sqlite-and-files/waits", "Output\nwritten")
    with TemporaryDirectory(dir=".") as folder:
        path = Path(folder, "tickets.db")
        with closing(_connect(path)) as db:
            db.execute("CREATE TABLE concert AS SELECT 0 AS sold")
        for timeout, all_sell in (0.5, False), (TIME_LIMIT, True):
            begin = Barrier(20)  # each of which takes a tenth of a second
            with ThreadPoolExecutor(20) as threads:
                tasks = [threads.submit(_sell_slowly, path, timeout, begin) for _ in range(20)]
            assert (not any(task.exception() for task in tasks)) == all_sell


def at_once() -> None:
    """A transaction that reads first and writes later can get the error at once, whatever the
    timeout is. With `BEGIN IMMEDIATE`, it waits before it reads.
    """
    with _two(timeout=100 * TIME_LIMIT) as (one, other):
        for db in (one, other):
            db.execute("BEGIN")
            assert _sold(db) == 0
        one.execute("UPDATE concert SET sold = 1")
        with raises(sqlite3.OperationalError, text="database is locked"):
            other.execute("UPDATE concert SET sold = 1")
    shown(
        "sqlite-and-files/counter", '"BEGIN IMMEDIATE")\n                row = db.execute("SELECT'
    )


def write_ahead() -> None:
    """Set it once, when you create the file, which keeps it. The `PRAGMA` needs a moment in which
    no other connection is in a transaction that has read or written: otherwise it gets the error,
    after the timeout or, while another connection is in a `BEGIN IMMEDIATE`, at once.
    """
    wal = "PRAGMA journal_mode=WAL"
    for begin in ("BEGIN", "BEGIN EXCLUSIVE"):
        with _two(timeout=0.1) as (one, other):
            one.execute(begin)
            assert _sold(one) == 0
            with raises(sqlite3.OperationalError, text="database is locked"):
                other.execute(wal).fetchall()
    with _two() as (one, other):
        one.execute("BEGIN")
        assert other.execute(wal).fetchall() == [("wal",)]
    with _two(timeout=100 * TIME_LIMIT) as (one, other):
        one.execute("BEGIN IMMEDIATE")
        with raises(sqlite3.OperationalError, text="database is locked"):
            other.execute(wal).fetchall()
        one.execute("COMMIT")
        assert other.execute(wal).fetchall() == [("wal",)]
        other.close()
        assert _sold(one) == 0
        assert one.execute("PRAGMA journal_mode").fetchall() == [("wal",)]


def with_db_ends_it() -> None:
    """With `isolation_level=None`, `with db:` ends the transaction in any case, with `COMMIT` or
    with `ROLLBACK`:
    """
    shown("sqlite-and-files", "cannot start a transaction within a transaction")
    shown("sqlite-and-files", "with db:", "#> in a transaction: False")
    with _two() as (one, other):
        with one:
            one.execute("BEGIN IMMEDIATE")
            one.execute("UPDATE concert SET sold = 7")
        assert not one.in_transaction
        assert _sold(other) == 7


def another_thread() -> None:
    """By default, a connection can be used only in the thread that made it. In another thread,
    such as one of a `ThreadPool` or of `asyncio.to_thread`, a method such as `execute` raises
    `SQLite objects created in a thread can only be used in that same thread`. The fix is the same
    as between processes: pass the path, and let each thread make its own connection.
    """
    shown("sqlite-and-files/other_thread", "threads.apply(total, [db])", "ThreadPool(1) as threads")
    shown("sqlite-and-files/other_thread", "ProgrammingError: SQLite objects created in a thread")
    shown("sqlite-and-files/other_thread", "apply(total_of_file, [path])", "Own connection: 7")


def a_second_file() -> None:
    """A reader that opens the file gets the whole old text or the whole new one, also if the writer
    is killed in the middle. One writer and its readers need no lock.
    """
    shown("sqlite-and-files/replace", "os.replace(new, path)", "none of a half-written file")
    if sys.platform == "win32":
        return  # there a file that is being read cannot be replaced
    with TemporaryDirectory(dir=".") as folder:
        path, new = Path(folder, "prices"), Path(folder, "prices.new")
        path.write_text("old")
        with open(path, encoding="utf-8") as reader:
            new.write_text("ne")  # here the writer may be killed
            assert path.read_text() == "old"
            new.write_text("new")
            os.replace(new, path)
            assert reader.read() == "old"
        assert path.read_text() == "new"


def if_the_disk_is_full() -> None:
    """If the disk may become full, call `os.fsync` first, and remove the second file after an
    error.
    """
    no_fact("advice")


def until_it_is_closed() -> None:
    """A process that reads a file, changes the text and writes it back must hold a lock from the
    read until it has closed the file, because Python may not write the text before that.
    """
    shown("sqlite-and-files/file_lock", "lock(guard)\n            counter.write_text(str(int(count")
    shown("sqlite-and-files/file_lock", "Visitors through 3 doors: 150")
    with TemporaryDirectory(dir=".") as folder:
        counter = Path(folder, "visitors")
        counter.write_text("0")
        seen_by_one, seen_by_other = int(counter.read_text()), int(counter.read_text())
        counter.write_text(str(seen_by_one + 1))
        counter.write_text(str(seen_by_other + 1))
        assert counter.read_text() == "1"
        with open(counter, "r+", encoding="utf-8") as file:
            file.write("2")
            assert counter.read_text() == "1"
        assert counter.read_text() == "2"


def the_end_of_with() -> None:
    """The end of the `with` block closes the file, and that releases the lock, unless a process
    that was forked inside of the block still has it.

    A program that does not ask for the lock can still write to the file.
    """
    shown("sqlite-and-files/file_lock", 'with open(f"{counter}.lock", "w") as guard:')
    if sys.platform == "win32":
        return
    with TemporaryDirectory(dir=".") as folder, open(Path(folder, "lock"), "w") as other:
        with open(Path(folder, "lock"), "w") as guard:
            fcntl.flock(guard, fcntl.LOCK_EX)
            assert not _is_free(other)
            other.write("all the same")
            other.flush()
        assert _is_free(other)
        assert Path(folder, "lock").read_text() == "all the same"
    a_child_keeps_it()


def the_holder_dies() -> None:
    """If a process that holds the lock dies, the operating system releases the lock. If the process
    was killed while it wrote the file, the file can be empty or incomplete. To prevent that,
    replace the file, with the lock held.
    """
    if sys.platform == "win32":
        return
    receiver, sender = Pipe(duplex=False)
    end, to_end = Pipe(duplex=False)
    with TemporaryDirectory(dir=".") as folder, open(path := Path(folder, "lock"), "w+") as file:
        file.write("6")
        file.flush()
        holder = Process(target=_lock_and_wait, args=(path, sender, end), daemon=True)
        holder.start()
        assert receiver.recv() == "locked"
        assert not _is_free(file)
        holder.kill()
        holder.join()
        assert _is_free(file)
        assert path.read_text() == ""
    for one in (receiver, sender, end, to_end):
        one.close()


def on_a_second_file() -> None:
    """For programs that were started separately, lock a second file, which is never replaced or
    removed: use `fcntl.flock` on Unix, and `msvcrt.locking` on Windows.

    This is why the lock is on a second file: after `os.replace` or a removal, a lock on the old
    file does not exclude a process that opens the path anew, and updates can be lost, without an
    error.
    """
    shown("sqlite-and-files/file_lock", 'with open(f"{counter}.lock", "w") as guard:')
    if sys.platform == "win32":
        return
    for replaced in (True, False):
        with TemporaryDirectory(dir=".") as folder:
            path, new = Path(folder, "visitors"), Path(folder, "visitors.new")
            path.write_text("0")
            with open(path, encoding="utf-8") as waiting:
                with open(path, encoding="utf-8") as held:
                    fcntl.flock(held, fcntl.LOCK_EX)
                    assert not _is_free(waiting)
                    if replaced:
                        new.write_text("1")
                        os.replace(new, path)
                    else:
                        path.unlink()
                fcntl.flock(waiting, fcntl.LOCK_EX)
                with open(path, "a", encoding="utf-8") as anew:
                    assert _is_free(anew)


def a_child_keeps_it() -> None:
    """Do not start a process while you hold it: under `fork`, the child keeps the lock until the
    child, too, has closed the file or ended.
    """
    if sys.platform == "win32":
        return
    end, to_end = Pipe(duplex=False)
    with TemporaryDirectory(dir=".") as folder, open(Path(folder, "lock"), "w") as other:
        with open(Path(folder, "lock"), "w") as guard:
            fcntl.flock(guard, fcntl.LOCK_EX)
            child = Process(target=_wait, args=(end,), daemon=True)
            child.start()
        assert _is_free(other) == (get_start_method() != "fork")
        to_end.send("end")
        child.join()
        assert _is_free(other)
    end.close()
    to_end.close()


def whole_lines() -> None:
    """To let several processes write to one log or list of results, hold a lock while the file is
    open. Then the lines do not get mixed.
    """
    shown("sqlite-and-files/append_lines", "with lock, open(path", "Lines: 300 different: 300")
    shown("sqlite-and-files/append_lines", "Words in each: {2}")


def lost() -> None:
    """If a process reads and then writes without a transaction or a lock, updates can be lost."""
    with _two() as (one, other):
        seen_by_one, seen_by_other = _sold(one), _sold(other)
        one.execute("UPDATE concert SET sold = ?", [seen_by_one + 1])
        other.execute("UPDATE concert SET sold = ?", [seen_by_other + 1])
        assert _sold(one) == 1


def mixed() -> None:
    """If several processes write to a file without a lock, their lines can get mixed."""
    with TemporaryDirectory(dir=".") as folder:
        path = Path(folder, "log")
        with open(path, "ab", buffering=0) as one, open(path, "ab", buffering=0) as other:
            for part in (b"Ada ", b"1\n"):  # as two writes of one line
                one.write(part)
                other.write(part.replace(b"Ada", b"Bob"))
        assert path.read_text() == "Ada Bob 1\n1\n"


def a_folder_that_ends() -> None:
    """If a temporary folder is removed before the children have ended, they no longer find their
    files: join the children inside the `with` block.
    """
    with TemporaryDirectory(dir=".") as folder:
        path = Path(folder, "visits.log")
        path.write_text("")
    with raises(FileNotFoundError):
        path.read_text()
    shown(
        "sqlite-and-files/append_lines",
        "writer.kill()\n                writer.join()\n        lines = path",
    )


def on_several_machines() -> None:
    """A `Lock` holds on one machine only. Let each process write a file of its own, with the name
    of its machine and its process number, and join the files at the end; or let them send their
    lines to one process that writes.
    """
    no_fact("advice; a lock is in the memory of a machine")


def inherited_by_a_fork() -> None:
    """Open one in each process when it is first used."""
    no_fact("advice")


def closed_in_the_child() -> None:
    """Under `fork`, if a child closes a connection that it has inherited in the middle of a
    transaction, `commit()` in the parent raises `disk I/O error`, although the change can be in
    the file afterwards.
    """
    if get_start_method() != "fork":
        return
    with TemporaryDirectory(dir=".") as folder:
        path = Path(folder, "tickets.db")
        with closing(sqlite3.connect(path)) as one:
            one.execute("CREATE TABLE concert AS SELECT 0 AS sold")
            one.execute("UPDATE concert SET sold = 1")
            child = Process(target=one.close)
            child.start()
            child.join()
            with raises(sqlite3.OperationalError, text="disk I/O error"):
                one.commit()
        with closing(sqlite3.connect(path)) as one:
            assert one.execute("SELECT sold FROM concert").fetchone() == (1,)


def made_once() -> None:
    """Make or download a file that all workers need, such as the driver of a browser, a model or
    the data of NLTK, in the parent, before it starts the workers.

    Programs that were started separately can hold a lock, as above: the one that gets the lock
    looks whether the file is there by now. If not, it makes the file under another name, and then
    calls `os.replace`.
    """
    no_fact("advice; the lock and `os.replace` are shown above it")
