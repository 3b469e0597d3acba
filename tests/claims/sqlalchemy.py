"""What docs/frameworks/sqlalchemy.md says."""

import atexit
import multiprocessing
import os
import pickle
import select
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from importlib import import_module
from multiprocessing.connection import Connection
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

from examples import _inline
from examples._inline import missing
from tests.claims import ONCE, ROOT, SURE, TIME_LIMIT, changed, no_fact, raises, script, shown
from tests.claims._beside import beside

PROGRAMS = ROOT / "examples" / "sqlalchemy"
_beside = partial(beside, PROGRAMS)
HERE = missing((PROGRAMS / "killed.py").read_text("utf-8")) == ([], [])
MOST = 4  # connections that the server of the checks allows
_until_the_end = ExitStack()  # kept here: if a forked child forgot it, that would end the server


def _server() -> ModuleType:
    return _beside("_server")


@cache
def _url() -> str:
    """The URL of one server for all checks of the page; it ends with this process."""
    atexit.register(_until_the_end.close)
    reserved = ["-c", "superuser_reserved_connections=0", "-c", "max_wal_senders=0"]
    server = _server().postgres("-c", f"max_connections={MOST}", *reserved)
    found: str = _until_the_end.enter_context(server)
    return found


def _engine(**options: Any) -> Any:

    return import_module("sqlalchemy").create_engine(_url(), **options)


def its_own_engine() -> None:
    """Give each worker the URL, and let it make an engine of its own in the initializer of the
    pool.
    """
    shown("sqlalchemy/own_engine", "initializer=connect, initargs=[url]", "no number twice: True")


def not_in_the_worker() -> None:
    """A connection that was open before a fork must not be used in the worker.

    It works with one worker. With several, under `fork`, results are wrong at random, or there are
    errors that have nothing to do with the query:
    """
    shown(
        "sqlalchemy/shared_connection",
        "the parent's answer is right: True",
        "the workers' answers are all right: False",
    )


def _ask_and_end(connection: Any, question: bytes) -> None:
    connection.pgconn.send_query(question)
    connection.pgconn.flush()


def _read_raw(connection: Any) -> None:
    fd = connection.pgconn.socket
    assert select.select([fd], [], [], TIME_LIMIT)[0]
    os.read(fd, 10_000)


def _in_a_fork(target: Any, *args: Any) -> None:
    child = multiprocessing.get_context("fork").Process(target=target, args=args)
    child.start()
    child.join()
    assert child.exitcode == 0


def the_server_closed_it() -> None:
    """`server closed the connection unexpectedly`

    Without `close=False`, the worker closes the connections that the parent still uses:
    """
    shown(
        "sqlalchemy/disposed",
        "after dispose(close=False): fine",
        "after dispose(): consuming input failed: server closed the connection unexpectedly",
    )


def silent() -> None:
    """Silent. A query returns the row of another one, or waits forever.

    The server answers one question after the other, and whichever process reads first gets the
    answer.
    """
    if multiprocessing.get_start_method() != ONCE:
        return  # these processes are forked under all of them
    if not HERE:
        return
    sqlalchemy = import_module("sqlalchemy")
    engine = _engine(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        _in_a_fork(_ask_and_end, driver, b"SELECT 41")
        assert connection.scalar(sqlalchemy.text("SELECT 42")) == 41
        connection.invalidate()
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        driver.pgconn.send_query(b"SELECT 43")
        _in_a_fork(_read_raw, driver)
        assert select.select([driver.pgconn.socket], [], [], SURE) == ([], [], [])
        connection.invalidate()
    engine.dispose()


def kept_open() -> None:
    """An engine keeps its connections open in a pool after you have closed them.

    A worker that uses one connection at a time opens only one.
    """
    if not HERE:
        return
    sqlalchemy = import_module("sqlalchemy")
    engine = _engine()
    backends = set()
    for _ in range(2):
        with engine.connect() as connection:
            backends.add(connection.scalar(sqlalchemy.text("SELECT pg_backend_pid()")))
    assert len(backends) == engine.pool.checkedin() == 1
    engine.dispose()


def after_an_import() -> None:
    """Under `spawn`, each worker that imports your module has a new engine.

    Under `forkserver`, that holds if the module does not connect to the database while it is
    imported: the fork server may import it, and then all workers inherit that connection.
    """
    shown("start-methods/preload", "Output")


def with_your_own_database() -> None:
    """To run a copy with an empty database of your own, import `nullcontext` from `contextlib`
    instead, and replace `postgres()` with `nullcontext("postgresql+psycopg://...")`, the URL of
    that database.
    """
    if HERE:
        copy = changed(
            "sqlalchemy/own_engine",
            ("from _server import postgres", "from contextlib import nullcontext"),
            ("postgres()", f"nullcontext({_url()!r})"),
        )
        outcome = script(copy)
        assert (outcome.status, outcome.stderr) == (0, "")
        shown("sqlalchemy/own_engine", outcome.stdout)


def in_a_file_beside_them() -> None:
    """The programs on this page, except that for SQLite, start a server of their own by `postgres`,
    a function in a file beside them.

    `_server.py` makes a new database with `initdb` in a temporary folder, runs `postgres` on a Unix
    socket in it, and removes both at the end.

    Neither runs as root, so root starts them as the user `nobody`.
    """
    text = (PROGRAMS / "_server.py").read_text("utf-8")
    assert '("nobody", "/tmp") if os.geteuid() == 0' in text
    assert 'TemporaryDirectory(prefix="pg-"' in text
    assert '"-h", "", "-k", folder' in text


def cannot_be_pickled() -> None:
    """Pass the URL, not the engine: an engine, a connection and a session cannot be pickled."""
    if not HERE:
        return
    engine = _engine()
    with engine.connect() as connection, import_module("sqlalchemy.orm").Session(engine) as session:
        for thing in (engine, connection, connection.connection.driver_connection, session):
            with raises(AttributeError, TypeError, pickle.PicklingError):
                pickle.dumps(thing)
    engine.dispose()


def its_password() -> None:
    """If the URL has a password, pass `engine.url` itself, because `str(engine.url)` shows `***` in
    its place.
    """
    if not HERE:
        return
    sqlalchemy = import_module("sqlalchemy")
    url = sqlalchemy.create_engine("postgresql+psycopg://owner:secret@localhost/shop").url
    assert str(url) == "postgresql+psycopg://owner:***@localhost/shop"
    assert pickle.loads(pickle.dumps(url)).password == "secret"


def rows_can_be_pickled() -> None:
    """Return values or rows, which can be pickled."""
    if not HERE:
        return
    sqlalchemy = import_module("sqlalchemy")
    engine = _engine()
    with engine.connect() as connection:
        rows = connection.execute(sqlalchemy.text("SELECT 4 AS four")).all()
    assert pickle.loads(pickle.dumps(rows))[0].four == 4
    engine.dispose()


class _Ticket:
    number: int


def expired() -> None:
    """An object of the ORM loses its values at `commit()`, and reading them in the parent raises
    `DetachedInstanceError`, unless the session was made with `expire_on_commit=False`.
    """
    if not HERE:
        return
    sqlalchemy, orm = import_module("sqlalchemy"), import_module("sqlalchemy.orm")
    number = sqlalchemy.Column("number", sqlalchemy.Integer, primary_key=True)
    table = sqlalchemy.Table("tickets", sqlalchemy.MetaData(), number)
    orm.registry().map_imperatively(_Ticket, table)
    engine = sqlalchemy.create_engine("sqlite://")
    table.create(engine)
    for expires in (False, True):
        with orm.Session(engine, expire_on_commit=expires) as session:
            ticket = session.get(_Ticket, 1) or _Ticket()
            ticket.number = 1
            session.add(ticket)
            session.commit()
            returned = pickle.loads(pickle.dumps(ticket))
        if expires:
            with raises(orm.exc.DetachedInstanceError):
                print(returned.number)
        else:
            assert returned.number == 1
    engine.dispose()


def ignored() -> None:
    """On SQLite, it does nothing, and no error is reported."""
    if not HERE:
        return
    sqlalchemy = import_module("sqlalchemy")
    query = sqlalchemy.select(sqlalchemy.column("sold")).with_for_update()
    assert "FOR UPDATE" in str(query)
    engine = sqlalchemy.create_engine("sqlite://")
    assert "FOR UPDATE" not in str(query.compile(engine))


def one_step() -> None:
    """Let the database do what must be one step, such as this `UPDATE`."""
    shown("sqlalchemy/own_engine", "SET sold = sold + 1", "no number twice: True\nsold: 100")


def in_use() -> None:
    """It replaces the pool, so a connection or a session that is in use during the fork is not
    covered: close it first.
    """
    if not HERE:
        return
    sqlalchemy = import_module("sqlalchemy")
    engine = _engine()
    with engine.connect() as connection:
        before = connection.scalar(sqlalchemy.text("SELECT pg_backend_pid()"))
        pool = engine.pool
        engine.dispose(close=False)
        assert engine.pool is not pool
        assert connection.scalar(sqlalchemy.text("SELECT pg_backend_pid()")) == before
    pool.dispose()


def left_open() -> None:
    """In the worker, psycopg may show a `ResourceWarning` about connections that were left open,
    which the program switches off.
    """
    if not HERE:
        return
    shown("sqlalchemy/disposed", 'simplefilter("ignore", ResourceWarning)')
    connection = import_module("psycopg").connect(_url().replace("+psycopg", ""))
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", ResourceWarning)
        del connection
    assert "was deleted while still open" in str(told[0].message)


def no_longer_answered() -> None:
    """In a `multiprocessing.Pool`, the call that has lost its worker waits forever."""
    shown("killed-worker/pool_hangs", "still running")


def rolled_back() -> None:
    """The connection ends with the process. The server then rolls the transaction back and releases
    its locks, so the number is given out again.
    """
    shown(
        "sqlalchemy/killed",
        "worker.kill()",
        "the worker sells number 8",
        "the parent sells number 8",
    )


def before_it_sends() -> None:
    """If the worker fails before it has sent the number, `recv()` raises `EOFError` (on
    Windows, not always), because the parent has closed its copy of `theirs`.
    """
    if not HERE:
        return
    shown("sqlalchemy/killed", "worker.start()\n        theirs.close()", "ours.recv())")
    ours, theirs = multiprocessing.Pipe()
    worker = multiprocessing.Process(target=_beside("killed").sell, args=["no URL", theirs])
    worker.start()
    theirs.close()
    with raises(EOFError):
        ours.recv()
    worker.join()
    assert worker.exitcode == 1
    ours.close()


def _lock(gate: Connection) -> None:
    connection = import_module("psycopg").connect(_url().replace("+psycopg", ""))
    connection.execute("SELECT pg_advisory_xact_lock(1)")
    child = multiprocessing.get_context("fork").Process(target=gate.recv)
    child.start()
    gate.send("locked")
    child.join()


def a_copy_of_the_socket() -> None:
    """A child that the process has forked has a copy of the socket: if one still runs, the locks
    are released only when it ends.
    """
    if not HERE or multiprocessing.get_start_method() != "fork":
        return
    ours, theirs = multiprocessing.Pipe()
    _url()  # one server for both
    worker = multiprocessing.Process(target=_lock, args=(theirs,))
    worker.start()
    theirs.close()
    assert ours.recv() == "locked"
    worker.kill()
    worker.join()
    with import_module("psycopg").connect(_url().replace("+psycopg", "")) as connection:
        free = connection.execute("SELECT pg_try_advisory_xact_lock(1)").fetchone()
        assert free == (False,)
        ours.send("end")
        connection.execute("SELECT pg_advisory_xact_lock(1)")


def _noted(path: str) -> None:
    with open(path, "a", encoding="utf-8") as file:
        file.write(f"{os.getpid()}\n")


def _own_number(_: int) -> int:
    return os.getpid()


def restarted() -> None:
    """A restarted worker makes a new engine in its initializer."""
    with TemporaryDirectory() as folder:
        path = os.path.join(folder, "initialized")
        with multiprocessing.Pool(1, _noted, [path], maxtasksperchild=1) as pool:
            workers = pool.map(_own_number, range(2), chunksize=1)
            pool.close()
            pool.join()
        with open(path, encoding="utf-8") as file:
            assert {int(line) for line in file} >= set(workers)


def what_was_committed() -> None:
    """What was committed remains."""
    shown("sqlalchemy/killed", "VALUES (7)", "the parent sells number 8")


def too_many() -> None:
    """If that is still too many, make the engine with `poolclass=NullPool`, which closes a
    connection after each use, or put a PgBouncer in transaction mode in front of the server.
    """
    if not HERE:
        return
    sqlalchemy = import_module("sqlalchemy")
    engines = [_engine() for _ in range(MOST + 1)]
    with raises(sqlalchemy.exc.OperationalError, text="too many clients already"):
        for engine in engines:
            engine.connect().close()
    for engine in engines:
        engine.dispose()
    engine = _engine(poolclass=sqlalchemy.NullPool)
    backends = set()
    for _ in range(2):
        with engine.connect() as connection:
            backends.add(connection.scalar(sqlalchemy.text("SELECT pg_backend_pid()")))
    assert len(backends) == 2


def sqlite() -> None:
    """An SQLite connection must not cross a fork either: let each worker make an engine, with a
    timeout.

    For such transactions, make a second engine without the listener.
    """
    no_fact("advice")


@contextmanager
def _two(row: Any = None) -> Iterator[tuple[Any, Any]]:
    """Two engines for one SQLite file, in which 0 tickets are sold; of the page if given."""
    sqlalchemy = import_module("sqlalchemy")
    with TemporaryDirectory(dir=".") as folder:
        engines = []
        for _ in range(2):
            options = {"timeout": 0.1, "isolation_level": None} if row else {"timeout": 0.1}
            url = f"sqlite:///{folder}/tickets.db"
            engines.append(sqlalchemy.create_engine(url, connect_args=options))
        with engines[0].begin() as connection:
            connection.execute(sqlalchemy.text("CREATE TABLE tickets AS SELECT 0 AS sold"))
        for engine in engines if row else []:
            sqlalchemy.event.listen(engine, "begin", row.begin)
        yield engines[0], engines[1]
        for engine in engines:
            engine.dispose()


def read_and_written() -> None:
    """If a worker reads a row, changes the value and writes it back, updates can be lost, and no
    error is reported. So let each transaction of the engine begin with `BEGIN IMMEDIATE`, which
    acquires the lock before the read:

    Then a transaction that only reads waits for that lock, too.
    """
    if not HERE:
        return
    shown("sqlalchemy/sqlite_row", '"isolation_level": None}', 'listen(engine, "begin", begin)')
    shown("sqlalchemy/sqlite_row", '"timeout": 60', "Output\nTickets sold: 150")
    row = _beside("sqlite_row")
    with _two() as (ours, theirs):
        with ours.begin() as connection:
            seen = connection.scalar(row.READ)
            with theirs.begin() as other:
                other.execute(row.WRITE, {"sold": other.scalar(row.READ) + 1})
            connection.execute(row.WRITE, {"sold": seen + 1})
        with ours.connect() as connection:
            assert connection.scalar(row.READ) == 1
    with _two(row) as (ours, theirs):
        locked = import_module("sqlalchemy").exc.OperationalError
        with ours.connect() as connection:
            connection.scalar(row.READ)
            with raises(locked, text="database is locked"), theirs.connect() as other:
                other.scalar(row.READ)
            plain = import_module("sqlalchemy").create_engine(ours.url)
            with plain.connect() as other:
                assert other.scalar(row.READ) == 0
            plain.dispose()


def outside_of_path() -> None:
    """On Debian and Ubuntu, `apt install postgresql` installs them outside of `PATH`, in
    `/usr/lib/postgresql/`, where `_server.py` finds them.
    """
    if not HERE:
        return

    assert _server().OUTSIDE_PATH in _inline.OUTSIDE_PATH
    before = os.environ["PATH"]
    os.environ["PATH"] = ""
    try:
        outside = [_server().command(name) for name in ("initdb", "postgres")]
    except SystemExit as ended:
        assert "PostgreSQL is not installed: there is no initdb" in str(ended)
    else:
        assert all(path.startswith("/usr/lib/postgresql/") for path in outside)
    finally:
        os.environ["PATH"] = before


def versions() -> None:
    """Run with SQLAlchemy 2.1.9, psycopg 3.3.9 and PostgreSQL 15."""
    from importlib.metadata import version

    if not HERE:
        return
    assert (version("sqlalchemy"), version("psycopg")) == ("2.1.9", "3.3.9")
