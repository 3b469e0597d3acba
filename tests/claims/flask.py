"""What docs/frameworks/flask.md says."""

import inspect
import os
import secrets
import subprocess
import sys
from importlib import import_module
from multiprocessing import Pool, get_start_method, set_start_method
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.claims import changed, no_fact, raises, script, shown
from tests.claims._starts import default_not_set, in_a_child


def twice() -> None:
    """With `--debug`, Flask imports your application in two processes, so start a job only where
    `WERKZEUG_RUN_MAIN` is `true`.

    A thread, a scheduler or a process that is started at import runs twice.

    Both import the application:
    """
    shown("flask/started_twice", '"--debug"', "a job is started\na job is started")
    shown("flask/started_once", '== "true"', "and serves: True\na job is started")


def its_own_globals() -> None:
    """In production, each worker has its own globals.

    Silent. A global that one request has changed is as before in the next one, with several workers
    only.

    A production server can have several processes, each with its own copy.
    """
    shown("gunicorn/global_differs", "one worker counts all: False\ntogether they do: True")


def another_key() -> None:
    """A `SECRET_KEY` that the module makes at import, such as `secrets.token_hex()`, is another one
    in each worker, unless Gunicorn has `--preload`, and after each restart: a session that one
    worker has signed is empty in another.
    """
    assert secrets.token_hex() != secrets.token_hex()
    answer = _with_key("one").get("/log-in")
    signed = {"Cookie": answer.headers["Set-Cookie"].partition(";")[0]}
    assert _with_key("one").get("/who", headers=signed).text == "Ann"
    assert _with_key("two").get("/who", headers=signed).text == "nobody"
    shown("gunicorn/preloaded", "preload")


def _with_key(key: str) -> Any:
    flask = import_module("flask")
    app = flask.Flask("made_up")
    app.secret_key = key
    app.get("/log-in")(lambda: flask.session.update(user="Ann") or "")
    app.get("/who", endpoint="who")(lambda: flask.session.get("user", "nobody"))
    return app.test_client(use_cookies=False)


def pass_values() -> None:
    """To a process that a request starts, pass values, and not `request` itself.

    Under `fork`, a child that the request starts is a copy of the process that handles the request.
    Under `spawn` and `forkserver`, it is a new one, which imports your module and has no request.
    Pass the values that it needs.
    """
    shown(
        "flask/request_in_child",
        "passed: north; from request: north",
        "passed: north; from request: Working outside of request context.",
    )


def _reads_request() -> list[str]:
    flask = import_module("flask")
    try:
        return [flask.request.args["name"], flask.session["name"], flask.g.name]
    except RuntimeError as error:
        return str(error).splitlines()[:1]


def the_first_request() -> None:
    """`RuntimeError: Working outside of request context.` in a child: under `spawn` and
    `forkserver`, and under `fork` in a `Pool` that was made before the request.

    A task of an executor has the `request`, `session` and `g` of another request, and so the data
    of another user, under `fork` only. No error is reported.

    An executor that several requests use, such as a global one, forks its workers at the first
    task. Under `fork`, each later task then reads the `request`, `session` and `g` of that first
    request, without an error. Pass values here, too.
    """
    from concurrent.futures import ProcessPoolExecutor

    flask = import_module("flask")
    app = flask.Flask("made_up")
    app.secret_key = "made up"
    read, outside = [], ["Working outside of request context."]
    with Pool(1) as pool, ProcessPoolExecutor(2) as executor:
        for name in "north", "south", "west":
            with app.test_request_context(f"/?name={name}"):
                flask.session["name"] = flask.g.name = name
                assert _reads_request() == [name] * 3
                assert pool.apply(_reads_request) == outside
                read += [executor.submit(_reads_request) for _ in range(2)]
        found = [task.result() for task in read]
    assert found == [["north"] * 3 if get_start_method() == "fork" else outside] * 6


def the_reloader() -> None:
    """The first one waits for the second to end, and starts it again when a file has changed."""
    loop = import_module("werkzeug._reloader").ReloaderLoop
    restarts = inspect.getsource(loop.restart_with_reloader)
    assert "while True:" in restarts
    assert "exit_code = subprocess.call(args" in restarts
    assert "if exit_code != 3:" in restarts
    assert "sys.exit(3)" in inspect.getsource(loop.trigger_reload)


EXITS = """
import sys
from multiprocessing import Process
from threading import Event, Thread, main_thread


def job():
    print("a job is started", flush=True)
    Event().wait()


def late():
    main_thread().join()
    print("a thread goes on", flush=True)


if __name__ == "__main__":
    Thread(target=Event().wait, daemon=True).start()
    Thread(target=late).start()
    Process(target=job, daemon=DAEMON).start()
    sys.exit(3)
"""


def a_reload() -> None:
    """Its globals are lost, its daemon threads end, and its daemons are terminated. A thread or a
    child that is not a daemon is joined first, so the reload waits until it ends.
    """
    end = script(EXITS.replace("DAEMON", "True"))
    assert end.status == 3
    assert "a thread goes on" in end.stdout
    assert script(EXITS.replace("DAEMON", "False"), hangs_after="a job is started").status is None


def the_end() -> None:
    """If `flask run` itself is ended by SIGTERM, as by `kill` or a supervisor, even a daemon goes
    on:

    The first process then kills the one that serves, which has no time to end its children: let a
    thread end the child with its parent.
    """
    shown("end-with-parent/terminated", "Thread(target=end_with_parent, daemon=True)")
    shown("flask/job_left", "daemon=True", "terminate()", "its parent has ended, and it goes on")
    source = inspect.getsource(import_module("werkzeug._reloader").run_with_reloader)
    assert "signal.signal(signal.SIGTERM, lambda *args: sys.exit(0))" in source
    assert "p.kill()" in inspect.getsource(subprocess.call)


def the_port() -> None:
    """Under `fork`, such a child also keeps the port, so the next start fails: Address already in
    use.
    """
    serving = import_module("werkzeug.serving")
    assert "srv.socket.set_inheritable(True)" in inspect.getsource(serving.run_simple)
    assert "close_fds=False" in inspect.getsource(
        import_module("werkzeug._reloader").ReloaderLoop.restart_with_reloader
    )
    shown("inherited/port_taken", "fork", "Address already in use")


GUARDED = """
import os
from multiprocessing import Process, parent_process


def job():
    print("the job runs", flush=True)


print(os.environ.get("WERKZEUG_RUN_MAIN"), parent_process() is None, flush=True)
if "JOB_STARTED" not in os.environ:
    os.environ["JOB_STARTED"] = "true"
    print("a job is started", flush=True)
    child = Process(target=job)
    child.start()
    child.join()
"""


def in_the_children() -> None:
    """The variable also reaches the children of that process. Under `spawn` and `forkserver`, a
    child that imports the application would start the job once more, but it inherits `JOB_STARTED`,
    too. `parent_process()` is no such test: it is still `None` during that import.
    """
    os.environ["WERKZEUG_RUN_MAIN"] = "true"
    imported, started, *others, runs = script(GUARDED).stdout.splitlines()
    assert (started, runs) == ("a job is started", "the job runs")
    assert bool(others) == (get_start_method() != "fork")
    assert {imported, *others} == {"true True"}
    shown("flask/started_once", '"JOB_STARTED" not in os.environ', '"JOB_STARTED"] = "true"')


def the_variable() -> None:
    """In the process that serves, the reloader has set `WERKZEUG_RUN_MAIN`:"""
    shown("flask/started_once", "imported, and serves: False\nimported, and serves: True")


def without_the_reloader() -> None:
    """Without the reloader, the variable is missing, and the condition starts no job: with a plain
    `flask run`, with `--no-reload`, if `app.run` gets `use_reloader=False`, and in production.
    There, remove `serves and`. For `flask run` with and without `--debug`, let `serves`
    be `not app.debug or os.environ.get("WERKZEUG_RUN_MAIN") == "true"`.
    """
    module = Path(str(import_module("werkzeug.serving").__file__)).parent
    setters = [path.name for path in module.rglob("*.py") if _sets(path.read_text("utf-8"))]
    assert setters == ["_reloader.py"]
    assert "--no-reload" in _switches_off()
    cli = import_module("flask.cli")
    assert "reload = debug\n" in inspect.getsource(cli.run_command.callback)
    if get_start_method() != "spawn":
        return  # it starts no process by multiprocessing
    condition = '= os.environ.get("WERKZEUG_RUN_MAIN") == "true"'
    either = condition.replace("=", "= not app.debug or", 1)
    server = "from _server import flask_run\n"
    code = changed("flask/started_once", (condition, either), (server, ""))
    assert _starts_job(code)
    assert not _starts_job(changed("flask/started_once", (server, "")))
    assert _starts_job(changed("flask/started_once", ("serves and ", ""), (server, "")))
    assert _starts_job(code, "--debug", run_main="true")
    assert not _starts_job(code, "--debug")


def _starts_job(code: str, *options: str, run_main: str = "") -> bool:
    """Whether the application does so when Flask imports it."""
    with TemporaryDirectory() as folder:
        Path(folder, "app.py").write_text(code, "utf-8")
        run = subprocess.run(
            [sys.executable, "-m", "flask", *options, "routes"],
            cwd=folder,
            env={**os.environ, "WERKZEUG_RUN_MAIN": run_main},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    return "a job is started\n" in run.stdout


def _switches_off() -> list[str]:
    """The options of `flask run` that switch something off."""
    params = import_module("flask.cli").run_command.params
    return [option for parameter in params for option in parameter.secondary_opts]


def _sets(source: str) -> bool:
    return '["WERKZEUG_RUN_MAIN"] = ' in source


def chosen_by_a_lock() -> None:
    """With Gunicorn, each worker imports the application, and a file lock chooses one that runs the
    job.
    """
    shown("gunicorn/job_once", "fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)")


def advice() -> None:
    """Make a `Value` before the workers start, or keep the data outside: web server workers.

    If a request must not wait, or if the job must survive a restart of the server, give it to a
    task queue such as Celery.
    """
    no_fact("advice; the pages that are linked prove it")


def stays_in_the_child() -> None:
    """What the child puts into `session` or `g` stays in the child, under every start method.
    Return it through a queue.
    """
    flask = import_module("flask")
    with flask.Flask("made_up").test_request_context():
        assert in_a_child(_put_into_g) == (7 if get_start_method() == "fork" else 8)
        assert "name" not in flask.g


def _put_into_g() -> None:
    flask = import_module("flask")
    try:
        flask.g.name = "north"
    except RuntimeError:
        raise SystemExit(8) from None
    raise SystemExit(7)


def a_killed_child() -> None:
    """If the child is killed before its `put()`, `get()` waits forever."""
    no_fact("the page that is linked proves it")


def a_context() -> None:
    """For `current_app` or an extension, open a context in the child: `with app.app_context():`."""
    flask = import_module("flask")
    app = flask.Flask("made_up")
    with raises(RuntimeError, text="Working outside of application context"):
        flask.current_app.name  # noqa: B018
    with app.app_context():
        assert flask.current_app.name == "made_up"


def the_debugger() -> None:
    """With the debugger on, call `set_start_method` before `app.run()`: the debugger makes a
    `Value`, which sets the start method. `--no-debugger` switches it off.
    """
    debug = import_module("werkzeug.debug")
    with default_not_set():
        debug.DebuggedApplication(None)
        assert get_start_method(allow_none=True) is not None
        with raises(RuntimeError, text="context has already been set"):
            set_start_method("spawn")
    assert "--no-debugger" in _switches_off()


def main_guard() -> None:
    """Call `app.run()` under the main guard: without it, a child under `spawn` or `forkserver` runs
    it again.
    """
    no_fact("advice; the page that is linked proves it")


def threads() -> None:
    """If the server has several threads, as the development server has, a fork can leave a lock
    held: prefer `spawn` or `forkserver`.
    """
    params = {p.name: p.default for p in import_module("flask.cli").run_command.params}
    assert params["with_threads"] is True
    shown("fork-with-threads/lock_held", "Output")


def versions() -> None:
    """Run with Flask 3.1.3 and Werkzeug 3.1.9."""
    from importlib.metadata import version

    assert (version("flask"), version("werkzeug")) == ("3.1.3", "3.1.9")


def once_in_a_process() -> None:
    """A library that can be run only once in a process needs a new process for each request."""
    no_fact("what the words mean")


def a_process_for_each_crawl() -> None:
    """Run the crawl in the target of a `Process`, and return the items through a queue; a worker
    of a pool takes several tasks, unless the pool has `maxtasksperchild=1`.
    """
    for tasks, processes in {None: 1, 1: 2}.items():
        with Pool(1, maxtasksperchild=tasks) as pool:
            assert len({pool.apply(os.getpid) for _ in range(2)}) == processes
            pool.close()
            pool.join()


def other_processes_emit() -> None:
    """There are two ways out:

    Without Redis, send the values to the process of the server through a queue, and let a thread
    there read it and call `emit()`.

    Flask-SocketIO was not run here.
    """
    no_fact("advice, and what was not run")


def caches_of_packages() -> None:
    """Flask-Caching and Dash were not run here.

    What the standard library can do is in A cache for all workers.
    """
    no_fact("what was not run, and a link")
