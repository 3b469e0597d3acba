"""What docs/frameworks/django.md says."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import Event, Pipe, Pool, Process, active_children, get_start_method
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event as Synchronized
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from examples._inline import missing
from tests.claims import PAUSE, ROOT, SURE, TIME_LIMIT, no_fact, on, raises, script, shown
from tests.claims._starts import in_a_child

PROGRAMS = ROOT / "examples" / "django"
SQLALCHEMY = ROOT / "examples" / "sqlalchemy"
POSTGRES = missing((SQLALCHEMY / "killed.py").read_text("utf-8")) == ([], [])
sys.path.append(str(PROGRAMS))
os.environ["DJANGO_SETTINGS_MODULE"] = "_settings"
django: Any = import_module("django")


@contextmanager
def _in_a_folder() -> Iterator[None]:
    """Django is set up, and what it writes goes to a folder that is removed."""
    django.setup()
    before = Path.cwd()
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.chdir(folder)
        try:
            yield
        finally:
            import_module("django.db").connections.close_all()
            os.chdir(before)


def set_it_up() -> None:
    """Set up Django in each worker with `Pool(initializer=django.setup)`, close the database
    connections before you start a process, and replace `LocMemCache` with a cache that processes
    share.

    Let the pool call `django.setup()` in each worker:
    """
    shown("django/set_up", "initializer=django.setup", "with tax: [120, 240]")
    shown("django/connection_closed", "connections.close_all()  # and", "items: 1")
    shown("django/cache_differs", "FileBasedCache: 120")


def not_set_up() -> None:
    """A process that is started by a management command, by a script or by a view prints this:

    A `Process` ends with exit code 1.

    `manage.py` has called it in the parent only. Under `fork`, the worker is a copy of a process in
    which Django is set up.

    This program fails, because the module `_tasks` imports a model:
    """
    assert "import Item" in (PROGRAMS / "_tasks.py").read_text("utf-8")
    shown("django/not_set_up", "exit code: 1", "AppRegistryNotReady: Apps aren't loaded yet.")
    shown("django/not_set_up", "exit code: 0")


def an_executor() -> None:
    """A `ProcessPoolExecutor` raises `BrokenProcessPool`.

    `initializer=django.setup` works for a `ProcessPoolExecutor`, too.

    An executor starts its processes at the first task. Close the connections after the last query
    before that.
    """
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    django.setup()
    item: Any = import_module("_tasks").Item(name="pen", price=100)
    task = import_module("_tasks").price_with_tax
    with ProcessPoolExecutor(1, initializer=django.setup) as executor:
        assert not active_children()
        assert executor.submit(task, item).result() == 120
    if get_start_method() != "fork":
        with ProcessPoolExecutor(1) as executor, raises(BrokenProcessPool):
            executor.submit(task, item).result()


def a_pool() -> None:
    """A `Pool` waits forever."""
    shown("function-not-found/defined_too_late", "still running after 5 s")


def _settings_module() -> str:
    return os.environ["DJANGO_SETTINGS_MODULE"]


def _pid_and_ready() -> tuple[int, bool]:
    return os.getpid(), import_module("django.apps").apps.ready


def replaced_workers() -> None:
    """Workers that replace others also call it.

    The worker finds your settings in `DJANGO_SETTINGS_MODULE`, which it inherits.
    """
    with Pool(1, initializer=django.setup, maxtasksperchild=1) as pool:
        seen = [pool.apply(_pid_and_ready) for _ in range(2)]
        assert pool.apply(_settings_module) == "_settings"
    assert len(dict(seen)) == 2
    assert all(ready for _, ready in seen)


def a_target_without_models() -> None:
    """The target of a `Process`, and an initializer of your own, must be in a module that imports
    no models, and no argument can be a model object: pass its `pk`. The target calls
    `django.setup()`, and then imports them, like `add_item` below.
    """
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    shown("django/connection_closed", "    django.setup()\n    from _tasks", "exit code: 0")
    shown("django/not_set_up", "exit code: 1")
    django.setup()
    item = import_module("_shop.models").Item(name="pen", price=100)
    if get_start_method() == "forkserver":
        assert in_a_child(_setup_first, item) == 1
        executor = ProcessPoolExecutor(1, initializer=_setup_first, initargs=(item,))
        with executor, raises(BrokenProcessPool):
            executor.submit(int).result()


def _setup_first(item: object) -> None:
    django.setup()
    assert item


def logging_again() -> None:
    """A second call of `django.setup()` in the same process, such as that of an initializer under
    `fork`, sets up logging again. If you have a `LOGGING` setting, let it contain
    `"disable_existing_loggers": False`: else the call silently disables the loggers that were made
    before, unless `LOGGING` names them or a logger above them. It also closes the handlers that
    your program has added.
    """
    settings: Any = import_module("django.conf").settings
    names = "_fix_unnamed", "_fix_named", "_fix_named.below"
    logger, named, below = map(logging.getLogger, names)
    kept: dict[str, Any] = {"version": 1, "loggers": {named.name: {"level": "INFO"}}}
    for settings.LOGGING in {**kept, "disable_existing_loggers": False}, kept:
        own = logging.FileHandler(os.devnull)
        assert (logger.disabled, named.disabled, below.disabled) == (False, False, False)
        django.setup()
        assert own.stream is None
    assert (logger.disabled, named.disabled, below.disabled) == (True, False, False)
    settings.LOGGING = {}
    logger.disabled = False


CONFIGURED = """
import os
from multiprocessing import Process
import django
from django.conf import settings
if __name__ == "__main__":
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    settings.configure()
    worker = Process(target=django.setup)
    worker.start()
    worker.join()
    print("exit code:", worker.exitcode)
"""


def configured() -> None:
    """After `settings.configure()`, it finds none under `spawn` and `forkserver`, and the `Pool`
    starts workers without end.
    """
    shown("pool/initializer_raises", "still running after 5 s")
    end = script(CONFIGURED)
    fork = get_start_method() == "fork"
    assert end.stdout == f"exit code: {0 if fork else 1}\n"
    assert ("ImproperlyConfigured" in end.stderr) != fork


def _tell_inherited(to: Connection) -> None:
    django.setup()
    connection: Any = import_module("django.db").connection
    to.send((connection.connection is not None, connection.in_atomic_block))


def inherited() -> None:
    """Under `fork`, a child inherits each connection to a database that is open in the parent, and
    its transaction.

    Under `spawn`, no connection is inherited.
    """
    with _in_a_folder(), import_module("django.db").transaction.atomic():
        reader, writer = Pipe(duplex=False)
        assert in_a_child(_tell_inherited, writer) == 0
        fork = get_start_method() == "fork"
        assert reader.recv() == (fork, fork)


IMPORTED = f"""
import os, sys
sys.path.insert(0, {str(PROGRAMS)!r})
os.environ["DJANGO_SETTINGS_MODULE"] = "_settings"
import django
django.setup()
from django.db import connection
connection.ensure_connection()
"""
OPENS = f"""
from multiprocessing import Process, set_forkserver_preload
from pathlib import Path
CODE = {IMPORTED!r}
def work():
    import imported
    print(imported.connection.connection is not None, imported.os.getpid() == imported.OPENED_BY)
if __name__ == "__main__":
    Path("imported.py").write_text(CODE + "OPENED_BY = os.getpid()")
    set_forkserver_preload(["imported"])
    process = Process(target=work)
    process.start()
    process.join()
"""


def the_fork_server_imports() -> None:
    """Under `forkserver`, that holds if your modules make no query while they are imported: the
    fork server may import them, and then all children inherit its connection.
    """
    if get_start_method() == "forkserver":
        assert script(OPENS).stdout == "True False\n"


def _add_when(go: Synchronized) -> None:
    assert go.wait(TIME_LIMIT)
    django.setup()
    import_module("_shop.models").Item.objects.create(name="pen", price=100)


def another_thread() -> None:
    """`connections.close_all()` closes only those of the thread that calls it. Use `spawn` or
    `forkserver` if other threads use the database, as those of `runserver` do, or if a `Pool`
    replaces its workers: a child that is forked during a transaction of the parent has a copy of
    SQLite's locks, and can get `database is locked` even after the commit.
    """
    begun, end, committed = threading.Event(), threading.Event(), Event()
    fork = get_start_method() == "fork"
    with _shop() as (db, items):

        def request() -> None:
            backend = db.connections["default"]  # is kept, as it is while a query runs
            with db.transaction.atomic():
                items.create(name="ink", price=200)
                begun.set()
                assert end.wait(TIME_LIMIT)
            backend.close()

        thread = threading.Thread(target=request)
        thread.start()
        assert begun.wait(TIME_LIMIT)
        db.connections.close_all()
        child = Process(target=_add_at_once if fork else _add_when, args=(committed,))
        child.start()
        end.set()
        thread.join()
        assert items.count() == 1
        db.connections.close_all()
        committed.set()
        child.join()
        assert (child.exitcode, items.count()) == (0, 1 if fork else 2)
        if fork:
            _in_a_replaced_worker(db, items)


def _in_a_replaced_worker(db: Any, items: Any) -> None:
    db.connections.close_all()
    with Pool(1, initializer=django.setup, maxtasksperchild=1) as pool:
        with db.transaction.atomic():
            items.create(name="red ink", price=200)
            used = {pool.apply(os.getpid) for _ in range(2)}
            deadline = time.monotonic() + TIME_LIMIT
            while {worker.pid for worker in pool._pool} <= used:  # type: ignore[attr-defined]
                assert time.monotonic() < deadline
                time.sleep(PAUSE)
        db.connections.close_all()
        pool.apply(_add_at_once)


def used_by_two() -> None:
    """Two processes then use one connection, with results such as
    `server closed the connection unexpectedly`, a wait without end, or rows that are lost without
    an error.

    `connections.close_all()` in the child is not enough. On PostgreSQL, it also ends the parent's
    connection, whose next query raises `OperationalError`.
    """
    shown("django/connection_inherited", "exit code: 0\nitems: 0")
    if get_start_method() == "fork" and POSTGRES:
        with _postgres() as backend:
            backend.cursor().execute("SELECT 1")
            assert in_a_child(backend.close) == 0
            error = import_module("django.db").OperationalError
            with raises(error, text="server closed the connection unexpectedly"):
                backend.cursor().execute("SELECT 1")
            backend.close()


@contextmanager
def _postgres() -> Iterator[Any]:
    """A connection of Django's to a server that is ended, as the page on SQLAlchemy starts it."""
    from urllib.parse import parse_qs, urlsplit

    sys.path.append(str(SQLALCHEMY))
    with import_module("_server").postgres() as url:
        server = urlsplit(url)
        place = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": server.path[1:],
            "USER": server.username,
            "HOST": parse_qs(server.query)["host"][0],
        }
        yield import_module("django.db.utils").ConnectionHandler({"default": place})["default"]


def in_a_transaction() -> None:
    """This program starts a process inside a transaction:

    Under `fork`, the item is added to the inherited transaction, which the child never commits. The
    fix is to close the connections in the parent, outside of a transaction, before the process
    starts. Each process then opens a connection of its own when it needs one:
    """
    shown("django/connection_inherited", "with transaction.atomic():", "exit code: 0\nitems: 0")
    shown("django/connection_closed", "connections.close_all()  # and", "exit code: 0\nitems: 1")


def rolled_back() -> None:
    """Inside a transaction, as in a view with `ATOMIC_REQUESTS`, `connections.close_all()` rolls
    back what was saved. No error is reported, unless a query follows in the transaction.
    """
    if get_start_method() == "fork":
        with _shop() as (db, items):
            with db.transaction.atomic():
                items.create(name="pen", price=100)
                db.connections.close_all()
            assert items.count() == 0
            with raises(db.ProgrammingError), db.transaction.atomic():
                db.connections.close_all()
                items.count()


@contextmanager
def _shop() -> Iterator[tuple[Any, Any]]:
    """Django's databases, and the items of an empty shop, in a folder that is removed."""
    with _in_a_folder():
        import_module("django.core.management").call_command(
            "migrate", run_syncdb=True, verbosity=0
        )
        yield import_module("django.db"), import_module("_shop.models").Item.objects


def _tell_count(to: Connection) -> None:
    django.setup()
    to.send(import_module("_shop.models").Item.objects.count())


def committed() -> None:
    """A row that was saved in a transaction does not exist for a process that is started in it."""
    if get_start_method() == "forkserver":
        with _shop() as (db, items), db.transaction.atomic():
            items.create(name="pen", price=100)
            reader, writer = Pipe(duplex=False)
            assert in_a_child(_tell_count, writer) == 0
            assert reader.recv() == 0


def _add_at_once(after: Synchronized | None = None) -> None:
    django.setup()
    assert not after or after.wait(TIME_LIMIT)
    db = import_module("django.db")
    db.connection.settings_dict["OPTIONS"]["timeout"] = SURE
    with raises(db.OperationalError, text="database is locked"):
        import_module("_shop.models").Item.objects.create(name="ink", price=200)


def joined_too_early() -> None:
    """Do not join a process inside a transaction that has written: under `spawn` and `forkserver`,
    the process may have to wait for its end. With SQLite, it raises `OperationalError: database
    is locked` after 5 seconds.
    """
    if get_start_method() != "fork":
        with _shop() as (db, items), db.transaction.atomic():
            items.create(name="pen", price=100)
            assert in_a_child(_add_at_once) == 0


def _tell_database(to: Connection) -> None:
    django.setup()
    to.send(import_module("django.db").connection.settings_dict["NAME"])


@contextmanager
def _tests(name: str | None) -> Iterator[Any]:
    """The items of a test database in the file `name`, or where it is by default."""
    with _in_a_folder():
        real = import_module("django.db").connection.settings_dict
        utils, before = import_module("django.test.utils"), dict(real["TEST"])
        real["TEST"]["NAME"] = name
        databases = utils.setup_databases(verbosity=0, interactive=False)
        try:
            import_module("django.core.management").call_command(
                "migrate", run_syncdb=True, verbosity=0
            )
            yield import_module("_shop.models").Item.objects
        finally:
            utils.teardown_databases(databases, verbosity=0)
            real["TEST"].update(before)


def _add_one() -> None:
    django.setup()
    import_module("_shop.models").Item.objects.create(name="pen", price=100)


def a_test_database() -> None:
    """In tests, the test database is known to the process that runs them. Under `spawn` and
    `forkserver`, a child reads the settings again, and uses the real database: in tests, start it
    with `get_context("fork")`.

    Set `"TEST": {"NAME": "test.sqlite3"}` in `DATABASES`.
    """
    reader, writer = Pipe(duplex=False)
    db = import_module("django.db")
    fork = get_start_method() == "fork"
    with _tests("made_up.sqlite3") as items:
        db.connections.close_all()
        assert in_a_child(_tell_database, writer) == 0
        if fork:
            assert in_a_child(_add_one) == 0
            assert items.count() == 1
    real = Path(db.connection.settings_dict["NAME"]).name
    assert Path(reader.recv()).name == ("made_up.sqlite3" if fork else real)


def a_test_database_in_memory() -> None:
    """Under `fork`, a child uses the test database, but with SQLite, by default, that is in memory:
    the child has a copy, and what it saves is lost without an error.
    """
    if get_start_method() == "fork":
        with _tests(None) as items:
            import_module("django.db").connections.close_all()
            assert in_a_child(_add_one) == 0
            assert items.count() == 0


def left_open() -> None:
    """`close_old_connections()` is no fix, either: with `CONN_MAX_AGE=None`, it leaves a usable
    connection open.
    """
    with _in_a_folder():
        db = import_module("django.db")
        for age, stays in [(0, False), (None, True)]:
            db.connection.settings_dict["CONN_MAX_AGE"] = age
            db.connection.ensure_connection()
            db.close_old_connections()
            assert (db.connection.connection is not None) == stays


def a_long_worker() -> None:
    """In a worker that runs long, no request ends, and a connection that the server has dropped
    stays. Call `close_old_connections()` there before each task. Unless `CONN_MAX_AGE` is 0, also
    set `CONN_HEALTH_CHECKS` to `True`: without it, the call keeps a dropped connection until a
    query has failed.
    """
    if get_start_method() == "fork":
        with _in_a_folder():
            db = import_module("django.db")
            signals = import_module("django.core.signals")
            db.connection.settings_dict["CONN_MAX_AGE"] = 0
            db.connection.ensure_connection()
            assert db.connection.connection is not None
            signals.request_finished.send(sender=None)
            assert db.connection.connection is None
        if POSTGRES:
            with _postgres() as backend:
                assert _tasks(backend, age=0, checks=False) == [True, True]
                assert _tasks(backend, age=None, checks=False) == [False, True]
                assert _tasks(backend, age=600, checks=False) == [False, True]
                assert _tasks(backend, age=None, checks=True) == [True, True]


def _tasks(backend: Any, age: int | None, checks: bool) -> list[bool]:
    """Whether two tasks get an answer after the server has dropped the connection."""
    backend.settings_dict |= {"CONN_MAX_AGE": age, "CONN_HEALTH_CHECKS": checks}
    backend.close()
    backend.ensure_connection()
    other = backend.copy()
    with other.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(%s, 30000)", [backend.connection.info.backend_pid]
        )
        assert cursor.fetchone() == (True,)  # it has ended
    other.close()
    answered = []
    for _ in range(2):
        backend.close_if_unusable_or_obsolete()  # what close_old_connections() calls
        try:
            backend.cursor().execute("SELECT 1")
        except import_module("django.db").OperationalError:
            answered.append(False)
        else:
            answered.append(True)
    backend.close()
    return answered


def the_default_cache() -> None:
    """With several workers, as Gunicorn has them, a value that one request has set may be missing
    in the next.

    The worker is killed after it has set both. What it put into `FileBasedCache` remains, and what
    it put into `LocMemCache` is lost with it.
    """
    defaults = import_module("django.conf.global_settings").CACHES
    assert defaults["default"]["BACKEND"].endswith(".LocMemCache")
    shown("django/cache_differs", "os.kill", "LocMemCache: 107\nFileBasedCache: 120")


def its_own_needs() -> None:
    """`FileBasedCache` | a folder that all can write to; `MAX_ENTRIES` for more than 300 entries

    `RedisCache`, `PyMemcacheCache` | a server
    """
    files = import_module("django.core.cache.backends.filebased").FileBasedCache
    with _in_a_folder():
        for options, all_stay in ({}, False), ({"MAX_ENTRIES": 1000}, True):
            cache = files("cache", {"OPTIONS": options})
            for number in range(302):
                cache.set(number, number)
            assert (len(list(Path("cache").iterdir())) == 302) == all_stay
            cache.clear()
    shown("django/cache_differs", "FileBasedCache: 120")
    for name in ["redis.RedisCache", "memcached.PyMemcacheCache"]:
        module, backend = f"django.core.cache.backends.{name}".rsplit(".", 1)
        with raises(TypeError, text="server"):
            getattr(import_module(module), backend)()


def counts_are_lost() -> None:
    """To count in a cache, use Redis or Memcached: `incr()` is not guaranteed to be atomic, and
    with `FileBasedCache` two processes can overwrite each other's result.
    """
    django.setup()
    base = import_module("django.core.cache.backends.base").BaseCache
    files = import_module("django.core.cache.backends.filebased").FileBasedCache
    redis = import_module("django.core.cache.backends.redis").RedisCache
    assert files.incr is base.incr
    assert redis.incr is not base.incr

    class Overtaken(files):  # type: ignore[misc, valid-type]
        """Between the two steps of its incr(), another one counts."""

        def get(self, *args: Any, **options: Any) -> Any:
            value = super().get(*args, **options)
            super().set("n", 2)
            return value

    with _in_a_folder():
        cache = Overtaken("cache", {})
        cache.set("n", 1)
        assert cache.incr("n") == 2


APP = """
import logging
import os
from django.apps import AppConfig
class Twice(AppConfig):
    name = "twice"
    def ready(self):
        print("ready", os.environ.get("RUN_MAIN"), flush=True)
        if os.environ.get("RUN_MAIN") or "--noreload" in __import__("sys").argv:
            os._exit(0)
"""


STARTS = """
import os, sys, time
from multiprocessing import get_context
from pathlib import Path
from django.apps import AppConfig
def work():  # and save a file that the server watches
    while not Path("end").exists():
        Path(__file__).touch()
        time.sleep(0.1)
    print("the process ends", flush=True)
class Twice(AppConfig):
    name = "twice"
    def ready(self):
        print("ready", os.environ.get("RUN_MAIN"), os.environ.get("MINE"), flush=True)
        if os.environ.get("RUN_MAIN") == "true" and "MINE" not in os.environ:
            if Path("served").exists():
                os._exit(0)
            Path("served").touch()
            os.environ["MINE"] = "1"
            daemon = "end" not in os.environ["WAITS_FOR"]
            get_context("fork").Process(target=work, daemon=daemon).start()
"""


def _after_a_change(waits_for: str) -> list[str]:
    """What the app and its process print; they are ended half a second after the change is seen."""
    with TemporaryDirectory() as folder:
        command = _a_project(folder, STARTS)
        environment = {name: os.environ[name] for name in os.environ if name != "RUN_MAIN"}
        with subprocess.Popen(
            [sys.executable, *command, "127.0.0.1:0"],
            cwd=folder,
            env=environment | {"WAITS_FOR": waits_for},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as run:
            assert run.stdout
            assert run.stderr
            for line in run.stderr:
                if "reloading" in line:
                    break
            time.sleep(SURE)
            Path(folder, "end").touch()
            run.stderr.read()
            lines = run.stdout.read().splitlines()
        return [line for line in lines if line.startswith(("ready", "the process"))]


def _a_project(folder: str, app: str) -> list[str]:
    Path(folder, "twice.py").write_text(app)
    Path(folder, "conf.py").write_text('DEBUG = True; INSTALLED_APPS = ["twice.Twice"]')
    return ["-m", "django", "runserver", "--settings", "conf", "--pythonpath", folder]


def _readies(*options: str) -> list[str]:
    """What ready() prints, until it ends the process that would serve."""
    with TemporaryDirectory() as folder:
        command = _a_project(folder, APP)
        run = subprocess.run(
            [sys.executable, *command, *options, "127.0.0.1:0"],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=60,
            env={name: os.environ[name] for name in os.environ if name != "RUN_MAIN"},
        )
    return run.stdout.splitlines()


def twice() -> None:
    """`manage.py runserver` runs your project in two processes: one that watches the files, and one
    that serves. `AppConfig.ready()` runs in both, and so does a process or a scheduler that is
    started there. In the process that serves, `os.environ.get("RUN_MAIN")` is `"true"`;
    `runserver --noreload` has only one process.
    """
    if get_start_method() == "fork":
        assert _readies() == ["ready None", "ready true"]
        assert _readies("--noreload") == ["ready None"]


def after_a_change() -> None:
    """If it has to be, start it only where `RUN_MAIN` is `"true"` and an environment variable of
    your own is missing, and set that variable first: the children inherit it. Pass `daemon=True`:
    otherwise, after a change of a file, `runserver` waits for the end of the process and serves the
    old code.
    """
    if get_start_method() == "fork":
        assert _after_a_change("") == ["ready None None", "ready true None", "ready true None"]
        first, second, end, again = _after_a_change("end")
        assert (first, second, again) == ("ready None None", "ready true None", second)
        assert end == "the process ends"


CHAIN = """
import multiprocessing as mp, os
import django
from django.apps import AppConfig
def job():
    try:
        django.setup()
    except RuntimeError as error:
        print(error, flush=True)
class Chain(AppConfig):
    name = "chain"
    def ready(self):
        number = int(os.environ["NUMBER"])
        print(number, os.environ["RUN_MAIN"], flush=True)
        if number < int(os.environ["MOST"]):
            os.environ["NUMBER"] = str(number + 1)
            child = mp.get_context(os.environ["METHOD"]).Process(target=job)
            child.start()
            child.join()
"""


def a_chain() -> None:
    """Under `spawn` and `forkserver`, a child that calls `django.setup()` runs `ready()` as well,
    with the same `RUN_MAIN`, and starts another child, and so on without end, or ends with a
    `RuntimeError` if the call is outside of the main guard.

    Under `fork`, `django.setup()` in this child raises `RuntimeError: populate() isn't reentrant`.

    In `ready()`, such a call raises `RuntimeError`.
    """
    method = get_start_method()
    at_import, most = method == "forkserver", "1" if method == "forkserver" else "2"
    with TemporaryDirectory() as folder:
        Path(folder, "chain.py").write_text(CHAIN)
        Path(folder, "conf.py").write_text('INSTALLED_APPS = ["chain.Chain"]')
        Path(folder, "program.py").write_text("import django; django.setup()")
        settings = {"DJANGO_SETTINGS_MODULE": "conf", "RUN_MAIN": "true", "METHOD": method}
        end = subprocess.run(
            [sys.executable, *(["program.py"] if at_import else ["-c", "import program"])],
            cwd=folder,
            env=os.environ | settings | {"NUMBER": "0", "MOST": most},
            capture_output=True,
            text=True,
            check=True,
        )
    shown("main-guard/unguarded", "\nRuntimeError: \n", "finished its bootstrapping phase")
    assert end.stderr == ""
    first, *others = end.stdout.splitlines()
    assert first == "0 true"
    children = {"fork": ["populate() isn't reentrant"], "spawn": ["1 true", "2 true"]}
    if at_import:  # which the fork server may have repeated, too
        assert set(others) == {"1 true"}
    else:
        assert others == children[method]


def by_a_command() -> None:
    """Do not start a process in `ready()`:

    In production, each worker of the web server runs `ready()`: start such jobs by a command of
    their own.
    """
    no_fact("the page of Gunicorn proves it: each worker imports the application")


def versions() -> None:
    """Run with Django 5.2.19 on Python 3.11, and with Django 6.1.3 on Python 3.12 and later."""
    assert django.__version__ == ("5.2.19" if on("Python 3.11") else "6.1.3")
