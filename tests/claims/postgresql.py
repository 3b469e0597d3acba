"""What docs/beyond/postgresql.md says."""

import atexit
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from importlib import import_module
from multiprocessing import Pipe, Process
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from examples._inline import missing
from tests.claims import (
    PAUSE,
    ROOT,
    SURE,
    TIME_LIMIT,
    changed,
    no_fact,
    raises,
    script,
    shown,
)
from tests.claims._beside import beside
from tests.claims._hosts import Host, hosts, possible

PROGRAMS = ROOT / "examples" / "postgresql"
_beside = partial(beside, PROGRAMS)
HERE = os.name == "posix" and missing((PROGRAMS / "jobs.py").read_text("utf-8")) == ([], [])
_until_the_end = ExitStack()  # kept here: if a forked child forgot it, that would end the server


@cache
def _server() -> Any:
    """One server for all checks of the page; it ends with this process."""
    atexit.register(_until_the_end.close)
    return _until_the_end.enter_context(_beside("_server").postgres())


def _connect(**options: Any) -> Any:
    return import_module("psycopg").connect(_server().address, **options)


def when() -> None:
    """Use PostgreSQL if processes on several machines share counters, dictionaries or jobs, and
    nothing may be lost when one of them dies. On one machine, SQLite needs no server. For big
    arrays, use shared memory.

    The programs on this page start a server for themselves, by a file beside them.

    So let it wait and look again, as below, and not end.

    With `LISTEN`, a worker waits for news instead of asking for jobs again and again:

    A job that kills its worker is first again, too: count the tries, in a transaction before the
    work.
    """
    no_fact("advice and introductions; the rest of the page proves them")


def with_your_own_database() -> None:
    """To run a copy with an empty database of your own, leave out the import and the line with
    `postgres()`, and write the address of that database, such as
    `"postgresql://me@db.example/shop"`, in place of `server.address`.
    """
    if HERE:
        with _connect(autocommit=True) as database:
            database.execute("CREATE DATABASE shop")
            copy = changed(
                "postgresql/counter",
                ("from _server import postgres\n", ""),
                ("with postgres() as server:", "if True:  # keeps the indentation"),
                ("server.address", repr(f"{_server().address} dbname=shop")),
            )
            outcome = script(copy)
            database.execute("DROP DATABASE shop")
        assert (outcome.status, outcome.stderr) == (0, "")
        shown("postgresql/counter", outcome.stdout)


def a_connection_each() -> None:
    """Each process opens a connection of its own with psycopg, under every start method."""
    shown("postgresql/counter", "with psycopg.connect(address", "counted: 300")


def none_is_lost() -> None:
    """`n = n + 1` is computed in the server, which locks the row until the transaction ends, so no
    update is lost. If you read a value, add to it in Python and write it back, updates are lost.
    """
    shown("postgresql/counter", "SET n = n + 1", "counted: 300")
    if HERE:
        with _connect(autocommit=True) as one, _connect(autocommit=True) as other:
            one.execute("CREATE TABLE read_back (n int)")
            one.execute("INSERT INTO read_back VALUES (0)")
            read = [c.execute("TABLE read_back").fetchone()[0] for c in (one, other)]
            for connection, value in zip((one, other), read, strict=True):
                connection.execute("UPDATE read_back SET n = %s", [value + 1])
            assert one.execute("TABLE read_back").fetchone() == (1,)


def each_on_its_own() -> None:
    """With `autocommit=True`, each statement is a transaction of its own."""
    if HERE:
        for autocommit in True, False:
            with _connect(autocommit=autocommit) as one:
                first, second = (
                    one.execute("SELECT pg_current_xact_id()").fetchone() for _ in range(2)
                )
                assert (first != second) == autocommit


def not_the_same_job() -> None:
    """`FOR UPDATE` locks the row of the job, and `SKIP LOCKED` leaves out the rows that others have
    locked: while their connections live, two workers do not have the same job.

    `DELETE` and the result are one transaction: after a crash, either both are there or none.

    When a worker is killed, its connection ends, and the server rolls the transaction back. The job
    is free again.

    A worker that finds no row may be alone with jobs that others have in hand, and one of them may
    die.
    """
    shown("postgresql/jobs", "database.execute(DONE", "first ended with -9", "(1, 'second')")
    if HERE:
        take = _beside("jobs").TAKE
        with _connect() as one, _connect() as other:
            one.execute("CREATE TABLE jobs (id int)")
            one.execute("INSERT INTO jobs VALUES (1), (2)")
            one.commit()
            assert one.execute(take).fetchone() == (1,)
            assert other.execute(take).fetchone() == (2,)
            assert other.execute(take).fetchone() is None
            one.rollback()
            assert other.execute(take).fetchone() == (1,)


def only_one_can_commit() -> None:
    """If the connection of a worker ends while it works, for example because the server restarts,
    another worker takes the job, and only one of the two can commit. What a job does outside of the
    database, such as sending a mail, can happen twice: let that be harmless.
    """
    if HERE:
        take, error = _beside("jobs").TAKE, import_module("psycopg").OperationalError
        with _jobs("again") as (one, other):
            assert one.execute(take.replace("jobs", "again")).fetchone() == (1,)
            other.execute("SELECT pg_terminate_backend(%s)", [one.info.backend_pid])
            taken = take.replace("SKIP LOCKED", "").replace("jobs", "again")  # waits for it
            assert other.execute(taken).fetchone() == (1,)
            other.commit()
            with raises(error):
                one.commit()


def the_first_one_again() -> None:
    """A job that raises an exception is the first one again, so the others are never reached. Do
    the work in `with database.transaction():`, which is a savepoint there, catch the exception
    outside of that block, put the job into a table of failed ones, and commit.
    """
    if HERE:
        take = _beside("jobs").TAKE.replace("jobs", "poison")
        with _jobs("poison") as (one, other):
            one.execute("CREATE TABLE failed (id int)")
            one.commit()
            for _ in range(2):
                assert one.execute(take).fetchone() == (1,)
                one.rollback()
            job = one.execute(take).fetchone()
            with raises(ValueError), one.transaction():
                one.execute("INSERT INTO poison VALUES (7)")
                raise ValueError
            one.execute("INSERT INTO failed VALUES (%s)", job)
            assert other.execute(take).fetchone() == (2,)
            other.rollback()
            one.commit()
            assert one.execute("TABLE failed").fetchall() == [(1,)]
            assert one.execute("TABLE poison").fetchall() == [(2,)]


def long_jobs() -> None:
    """Write into the row that the job has begun, and when, and commit. Another worker takes a job
    that began too long ago. Store the result in a transaction that also changes the row `WHERE id =
    %s AND begun = %s`, and roll it back if no row was changed: then the job is another worker's.
    """
    if HERE:
        begin = "UPDATE long SET begun = clock_timestamp() WHERE id = 1 RETURNING begun"
        end = "DELETE FROM long WHERE id = %s AND begun = %s"
        with _jobs("long") as (one, other):
            one.execute("ALTER TABLE long ADD begun timestamptz")
            one.commit()
            (mine,) = one.execute(begin).fetchone()
            one.commit()
            (theirs,) = other.execute(begin).fetchone()
            other.commit()
            assert one.execute(end, [1, mine]).rowcount == 0
            assert other.execute(end, [1, theirs]).rowcount == 1


@contextmanager
def _jobs(table: str) -> Iterator[tuple[Any, Any]]:
    """Two connections, and a table of two jobs."""
    with ExitStack() as stack:
        one, other = _connect(), _connect()
        stack.callback(one.close)
        stack.callback(other.close)
        one.execute(f"CREATE TABLE {table} (id int)")
        one.execute(f"INSERT INTO {table} VALUES (1), (2)")
        one.commit()
        yield one, other


def only_who_listens() -> None:
    """Only who listens is told, so the worker looks into the table after `LISTEN`, and again after
    each notification or timeout.

    `LISTEN` begins when it is committed, hence `autocommit=True`. Then `transaction()` makes one
    transaction of what is in its block.

    A notification is sent when its transaction is committed.
    """
    shown("postgresql/wait_for_jobs", "autocommit=True", "('a.jpg',) waits\n('b.jpg',) waits")
    if HERE:
        with _connect(autocommit=True) as listens, _connect() as tells, _connect() as late:
            listens.execute("LISTEN news")
            late.execute("LISTEN news")  # not committed
            tells.execute("NOTIFY news")
            assert not list(listens.notifies(timeout=SURE, stop_after=1))
            tells.commit()
            assert len(list(listens.notifies(timeout=TIME_LIMIT, stop_after=1))) == 1
            assert not list(late.notifies(timeout=SURE, stop_after=1))
            number = "SELECT pg_current_xact_id()"
            with listens.transaction():
                first, second = (listens.execute(number).fetchone() for _ in range(2))
            assert first == second != listens.execute(number).fetchone()


def in_the_loop() -> None:
    """In a loop over `notifies()`, `execute()` on the same connection waits forever: leave the loop
    first, as `stop_after=1` does.
    """
    if HERE:
        code = f"""
import psycopg
with psycopg.connect({_server().address!r}, autocommit=True) as database:
    database.execute("LISTEN loop")
    database.execute("NOTIFY loop")
    for told in database.notifies():
        print("told", flush=True)
        database.execute("SELECT 1")
        print("goes on", flush=True)
"""
        assert script(code, hangs_after="told\n").status is None


def a_lock_that_is_freed() -> None:
    """An advisory lock is a number that the program chooses. It is free again when its holder calls
    `pg_advisory_unlock(7)`, or when its connection ends, so no expiry has to be guessed; `commit()`
    and `rollback()` do not free it. `lock_timeout` limits the wait: without it, a holder that is
    stopped keeps the others waiting forever.

    Advisory locks and notifications are in memory, and do not come back.
    """
    shown("postgresql/lock", "while it is held: False", "after the kill: locked")
    if HERE:
        psycopg = import_module("psycopg")
        with _connect(autocommit=True) as holder, _connect(autocommit=True) as other:
            holder.execute("SELECT pg_advisory_lock(8)")
            other.execute("SET lock_timeout = '300ms'")
            with raises(psycopg.errors.LockNotAvailable, text="lock timeout"):
                other.execute("SELECT pg_advisory_lock(8)")
            holder.commit()
            holder.rollback()
            with raises(psycopg.errors.LockNotAvailable):
                other.execute("SELECT pg_advisory_lock(8)")
            holder.execute("SELECT pg_advisory_unlock(8)")
            other.execute("SELECT pg_advisory_lock(8)")


def a_holder_is_not_told() -> None:
    """A holder whose connection ends, for example because the server restarts, is not told: it has
    to use the connection to notice. So use the lock for what is in the database, in the transaction
    that needs it, with `pg_advisory_xact_lock(7)`: that one is free when the transaction ends.
    """
    if HERE:
        psycopg = import_module("psycopg")
        holder = _connect(autocommit=True)
        with _connect(autocommit=True) as other:
            holder.execute("SELECT pg_advisory_lock(9)")
            other.execute("SELECT pg_terminate_backend(%s)", [holder.info.backend_pid])
            other.execute("SELECT pg_advisory_lock(9)")
            assert not holder.closed
            with raises(psycopg.OperationalError):
                holder.execute("SELECT 1")
            assert holder.closed
            with _connect() as one:
                one.execute("SELECT pg_advisory_xact_lock(10)")
                free = "SELECT pg_try_advisory_xact_lock(10)"
                assert other.execute(free).fetchone() == (False,)
                one.commit()
                assert other.execute(free).fetchone() == (True,)


def a_copy_each() -> None:
    """The 80 MB are copied through a socket into each worker, and a change of the copy changes
    nothing in the table.
    """
    shown("postgresql/big_array", "NUMBERS = 10_000_000", 'array("d", read)', "exit codes: 0 0")


def after_a_restart() -> None:
    """What was committed is there after a restart, except in a table made with `UNLOGGED`, which is
    empty then. What was not committed is gone. The old connection stays broken: connect again.
    """
    shown("postgresql/server_killed", "commit: failed", "after restart: (1,)")
    if HERE:
        psycopg = import_module("psycopg")
        with _beside("_server").postgres() as server:
            old = psycopg.connect(server.address)
            old.execute("CREATE UNLOGGED TABLE unlogged AS SELECT 1 AS n")
            old.execute("CREATE TABLE logged AS SELECT 1 AS n")
            old.commit()
            server.kill()
            server.start()
            for _ in range(2):
                with raises(psycopg.OperationalError):
                    old.execute("SELECT 1")
            with psycopg.connect(server.address) as new:
                assert new.execute("TABLE logged").fetchone() == (1,)
                assert new.execute("TABLE unlogged").fetchone() is None


def _change(address: str, first: int, second: int, pipe: Any) -> None:
    psycopg = import_module("psycopg")
    with psycopg.connect(address) as database:
        change = "UPDATE stock SET n = n + 1 WHERE id = %s"
        database.execute(change, [first])
        pipe.send("one changed")
        pipe.recv()
        try:
            database.execute(change, [second])
        except psycopg.errors.DeadlockDetected as error:
            pipe.send(str(error))
        else:
            pipe.send("")


def a_deadlock() -> None:
    """`DeadlockDetected: deadlock detected`: two transactions change the same rows in a different
    order. Change them in the same order in all processes, and repeat the transaction that got the
    error.
    """
    if HERE:
        with _connect() as database:
            database.execute("CREATE TABLE stock (id int, n int)")
            database.execute("INSERT INTO stock VALUES (1, 0), (2, 0)")
        pipes, workers = [], []
        for rows in (1, 2), (2, 1):
            pipe, theirs = Pipe()
            args = (_server().address, *rows, theirs)
            workers.append(Process(target=_change, args=args, daemon=True))
            workers[-1].start()
            theirs.close()
            pipes.append(pipe)
        for pipe in pipes:
            pipe.recv()
        for pipe in pipes:
            pipe.send("go on")
        told = [pipe.recv() for pipe in pipes]
        assert sorted(map(bool, told)) == [False, True]
        assert "deadlock detected" in "".join(told)
        for worker in workers:
            worker.join()


def too_many() -> None:
    """`too many clients already`: 100 connections are the default, for all processes together."""
    if HERE:
        with _connect() as database:
            setting = "SELECT boot_val FROM pg_settings WHERE name = 'max_connections'"
            assert database.execute(setting).fetchone() == ("100",)


def wrong_answers() -> None:
    """Wrong answers, or `SSL error`: a connection was open before a fork."""
    shown("sqlalchemy/shared_connection", "the workers' answers are all right: False")


def who_is_trusted() -> None:
    """The server of these programs trusts everybody who can open its socket: root, and the user
    whose server it is.
    """
    shown_text = (PROGRAMS / "_server.py").read_text("utf-8")
    assert "--auth=trust" in shown_text and '"-h", ""' in shown_text
    if HERE:
        folder = Path(_server().folder)
        assert folder.stat().st_mode & 0o077 == 0
        assert list(folder.glob(".s.PGSQL.*"))


def not_a_pickle() -> None:
    """Pass values as parameters, as in `COUNT` above, and never as part of the text of a statement.
    Store JSON or numbers, not pickles: whoever can write a row could run code in the workers.
    """
    shown("postgresql/counter", "database.execute(COUNT, [word])")
    shown("untrusted-data/recv_runs_code", "Output\nIn the server: True")


def without_a_password() -> None:
    """That is for a server of your own, made with `initdb -D data --auth=scram-sha-256 --pwprompt`:
    without `--auth`, every user of that host is let in without a password.
    """
    if HERE and os.geteuid() == 0:
        with TemporaryDirectory(prefix="pg-", dir="/tmp") as folder:
            shutil.chown(folder, "nobody")
            line = [_beside("_server").command("initdb"), "-D", f"{folder}/data", "--no-sync"]
            subprocess.run(line, check=True, user="nobody", cwd=folder, capture_output=True)
            rules = Path(folder, "data", "pg_hba.conf").read_text("utf-8").splitlines()
            ways = {rule.split()[-1] for rule in rules if rule and not rule.startswith("#")}
            assert ways == {"trust"}


ASKS = """
import psycopg, sys
database = psycopg.connect(sys.argv[1], autocommit=True, tcp_user_timeout=1000)
for line in sys.stdin:
    try:
        print(*database.execute("TABLE counter").fetchone(), flush=True)
    except psycopg.OperationalError:
        print("error", flush=True)
"""


def on_several_hosts() -> None:
    """The workers change in one thing, the address, such as `host=10.0.0.1 user=worker
    dbname=postgres`, and read the password from the variable `PGPASSWORD`.

    Then make the user, `CREATE USER worker PASSWORD '...'`, and `GRANT` it what it needs.

    With `tcp_user_timeout=10_000` in `connect()`, on Linux, it raises `OperationalError` after 10
    seconds.
    """
    if not HERE or not possible():
        return
    psycopg = import_module("psycopg")
    with hosts("10.0.0.1", "10.0.0.2") as (one, other), _listens(one) as owner:
        with psycopg.connect(owner) as database:
            database.execute("CREATE TABLE counter AS SELECT 7 AS n")
            database.execute("CREATE USER worker PASSWORD 'secret'")
        command = other.line(sys.executable, "-c", ASKS, ADDRESS)
        password = os.environ | {"PGPASSWORD": "secret"}
        wrong = os.environ | {"PGPASSWORD": "wrong"}
        refused = subprocess.run(command, env=wrong, input="", capture_output=True, text=True)
        assert "password authentication failed" in refused.stderr
        with psycopg.connect(owner) as database:
            database.execute("GRANT SELECT ON counter TO worker")
        pipe = subprocess.PIPE
        with subprocess.Popen(command, env=password, stdin=pipe, stdout=pipe, text=True) as worker:
            assert worker.stdin and worker.stdout
            try:
                for cable, answer in ("up", "7\n"), ("down", "error\n"):
                    other.set_cable(cable)
                    print("ask", file=worker.stdin, flush=True)
                    assert worker.stdout.readline() == answer
            finally:
                worker.kill()


ADDRESS = "host=10.0.0.1 user=worker dbname=postgres"


@contextmanager
def _listens(host: Host) -> Iterator[str]:
    """The owner's address of a server that runs on a host by the commands of the page."""
    page = (ROOT / "docs" / "beyond" / "postgresql.md").read_text("utf-8")
    assert ADDRESS in page
    allow, start = page.split("```bash\n")[1].split("```")[0].splitlines()
    with TemporaryDirectory(prefix="pg-", dir="/tmp") as folder:
        server = _beside("_server").Server(folder)
        subprocess.run(["sh", "-c", allow], cwd=folder, check=True)
        start = start.replace("postgres", f"exec {_beside('_server').command('postgres')}")
        as_nobody = ["runuser", "-u", "nobody", "--", "sh", "-c", start]
        log = Path(folder, "log")
        with log.open("wb") as told:
            line = host.line(*as_nobody)
            process = subprocess.Popen(line, cwd=folder, stdout=told, stderr=told)
        try:
            while "ready to accept connections" not in log.read_text("utf-8"):
                assert process.poll() is None, log.read_text("utf-8")
                time.sleep(PAUSE)
            yield server.address
        finally:
            # Not by `runuser`, which kills it if it waits for its clients: that leaves memory.
            if process.poll() is None:
                first, *_ = Path(folder, "data", "postmaster.pid").read_text("utf-8").split()
                os.kill(int(first), signal.SIGINT)
            process.wait()


TERMINATED = """
import os, signal, sys
sys.path.append(FOLDER)
from _server import postgres
with postgres() as server:
    print(server.process.pid, server.folder, flush=True)
    os.kill(os.getpid(), signal.NUMBER)
"""


def how_it_starts() -> None:
    """`_server.py` makes a new database with `initdb` in a folder below `/tmp`, and runs `postgres`
    on a Unix socket in it, without a network. Root starts both as the user `nobody`. At the end,
    also after Ctrl-C, SIGTERM or SIGHUP, the server is stopped and the folder removed. If the
    program is killed with SIGKILL, the server and its folder stay.
    """
    text = (PROGRAMS / "_server.py").read_text("utf-8")
    assert 'if os.geteuid() == 0:\n            nobody = pwd.getpwnam("nobody")' in text
    if HERE:
        for number in "SIGINT", "SIGTERM", "SIGHUP", "SIGKILL":
            code = TERMINATED.replace("FOLDER", repr(str(PROGRAMS))).replace("NUMBER", number)
            command = [sys.executable, "-c", code]
            ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            assert ended.returncode
            process, folder = ended.stdout.decode().split()
            assert Path(folder).exists() == (number == "SIGKILL")
            if number == "SIGKILL":
                os.kill(int(process), signal.SIGINT)
                while Path(folder, "data", "postmaster.pid").exists():  # until it has ended
                    time.sleep(PAUSE)
                shutil.rmtree(folder)
            else:
                with raises(ProcessLookupError):
                    os.kill(int(process), 0)


def which_packages() -> None:
    """On Debian and Ubuntu, `apt install postgresql` installs what they need.

    Run with psycopg 3.3.9 and PostgreSQL 15.
    """
    from importlib.metadata import version

    if HERE:
        assert version("psycopg") == "3.3.9"


def what_it_waits_for() -> None:
    """A worker that holds a transaction open and waits for something else blocks the others.
    `idle_in_transaction_session_timeout` ends its connection; it must be longer than the longest
    job of such a queue.
    """
    if HERE:
        psycopg = import_module("psycopg")
        with _connect(autocommit=True) as other:
            other.execute("CREATE TABLE held (n int)")
            other.execute("INSERT INTO held VALUES (0)")
            holder = _connect()
            holder.execute("SET idle_in_transaction_session_timeout = '300ms'")
            holder.commit()
            holder.execute("UPDATE held SET n = 1")
            other.execute("SET lock_timeout = '20s'")
            other.execute("UPDATE held SET n = 2")  # waits until the connection has been ended
            with raises(psycopg.Error, text="idle-in-transaction"):
                holder.execute("SELECT 1")
            holder.close()
