"""What docs/examples/web-workers.md says."""

import socket
import sys
from multiprocessing import Value, get_all_start_methods, get_context, get_start_method
from multiprocessing.queues import SimpleQueue
from multiprocessing.sharedctypes import Synchronized
from threading import Event, Thread
from threading import enumerate as enumerate_threads
from typing import Any

from tests.claims import changed, no_fact, script, shown

PRE_FORK = """
import os
import sys
from multiprocessing import Manager, Process
from time import sleep


def main():
    daemon = Process(target=sleep, args=(60,), daemon=True)
    daemon.start()
    with Manager() as manager:
        cache = manager.dict(mine=1, yours=2)
        print(cache["mine"], flush=True)
        if (worker := os.fork()) == 0:
            cache._tls.connection.send((cache._id, "__getitem__", ("yours",), {}))
            sys.exit()
        os.waitpid(worker, 0)
        print(cache["mine"])
    daemon.join()
    print(daemon.exitcode != 0)


if __name__ == "__main__":
    main()
"""

own_hits = 0
hits = Value("i", 0)


def _answer(answers: "SimpleQueue[tuple[int, int]]") -> None:
    """Count a request, as a worker that has, or has imported, this module."""
    global own_hits
    own_hits += 1
    with hits.get_lock():
        hits.value += 1
    answers.put((own_hits, hits.value))


def _requests(method: str) -> list[tuple[int, int]]:
    """What two workers count, each started with the method and given one request."""
    context: Any = get_context(method)
    answers: SimpleQueue[tuple[int, int]] = context.SimpleQueue()
    for _ in range(2):
        worker = context.Process(target=_answer, args=(answers,))
        worker.start()
        worker.join()
    return [answers.get(), answers.get()]


def each_its_own() -> None:
    """Each worker process of a web server has its own copy of a global variable, so make a
    `Value` or a manager before the workers are started and pass it to them, or keep the state
    outside of the server.

    Each worker answers two of the six requests. The global counts only the requests of its own
    worker, so each worker answers 1 and then 2. The `Value` counts all six.

    This does not depend on the framework (Flask, Django, FastAPI, Bottle), and applies also to
    an object that the workers share with the main process of Gunicorn or Uvicorn.
    """
    shown(
        "web-workers/shared_counter",
        "global own_hits\n    with listening:\n        for _ in range(2):\n",
        "own_hits += 1",
        "for _ in range(3):",
        "for _ in range(6)]",
        "Global: [1, 1, 1, 2, 2, 2] Value: 6",
    )


def one_socket() -> None:
    """The workers of this web server are processes that accept requests from one socket, and
    each has memory of its own.

    The parent opens the socket and makes the `Value`, and passes both to the workers. A parent
    that accepts the clients itself can hand each one to a worker.
    """
    shown("hand-over/server", "listening.accept()", "free.pop().end.send(accepted)")
    shown(
        "web-workers/shared_counter",
        "def serve(listening, hits):",
        "with listening.accept()[0] as client:",
        'hits, running, own = Value("i", 0), {}, []\n    with socket.create_server',
        "args = listening, hits\n",
        "Process(target=serve, args=args",
    )


def which_worker() -> None:
    """Which worker gets a request depends on timing. So a global counter can seem to jump: 5,
    then 2, then 6.
    """
    shown("web-workers/shared_counter", "sorted(own)", "[1, 1, 1, 2, 2, 2]")


def counts_are_lost() -> None:
    """`get_lock()` returns the lock of the `Value`. Without the lock, counts can be lost."""
    shown("race/unsafe_every_time", "Tickets sold by 4 sellers: 1")
    shown("race/fixed", "with sold.get_lock():", "Tickets sold: 100")
    shown("web-workers/shared_counter", "with hits.get_lock():")


def it_ends() -> None:
    """A worker ends after two requests only so that this program ends. A real worker goes on."""
    no_fact("what the program leaves out")


def it_is_named() -> None:
    """If a worker fails, this program names it and ends.

    The parent plays the six clients, too. It reads the answers when the workers have ended, so it
    never waits for an answer of a worker that has died.

    `connection.wait` returns as soon as a worker has ended. After an exception, a `sys.exit(3)` or
    a kill, its `exitcode` is not 0, and the program names the worker and its exit code, and ends
    with exit status 1. A worker that ends too early with exit status 0, as after a `sys.exit(0)` in
    a request, is not named: the program ends with a traceback, because an answer is missing. The
    workers are daemons, so Python terminates the others, also those that wait for the lock of a
    killed worker. The handler does the same when the program gets SIGTERM.
    """
    counter = "web-workers/shared_counter"
    shown(counter, "for _ in range(6)]", "own.append(int(client.recv(100)", "daemon=True")
    kills = "import os; os.kill(os.getpid(), 9)"
    place, holding = "                own_hits += 1\n", "                    hits.value += 1\n"
    faults = [
        (place, "raise ValueError('no page')", 1, "ValueError: no page\n"),
        (place, "sys.exit(3)", 3, ""),
    ]
    if sys.platform != "win32":
        faults += [(place, kills, -9, ""), (holding, kills, -9, "")]
    for where, fault, code, told in faults:
        indent = where[: len(where) - len(where.lstrip())]
        outcome = script(changed(counter, (where, f"{indent}{fault}\n{where}")))
        assert (outcome.status, outcome.stdout) == (1, "")
        assert told in outcome.stderr
        assert f": exit code {code}\n" in outcome.stderr  # a traceback may follow
    outcome = script(changed(counter, (place, f"                sys.exit(0)\n{place}")))
    assert (outcome.status, outcome.stdout) == (1, "")
    assert outcome.stderr.startswith("Traceback")
    assert "own.append(int(client.recv(100)" in outcome.stderr
    if sys.platform != "win32":
        clients = "        clients = ["
        raised = f"        signal.raise_signal(signal.SIGTERM)\n{clients}"
        outcome = script(changed(counter, (clients, raised)))
        assert (outcome.status, outcome.stdout, outcome.stderr) == (1, "", "terminated\n")


ORPHAN = """
if __name__ == "__main__":
    listening = socket.create_server(("127.0.0.1", 0))
    parent = Process(target=main, args=(listening,))
    parent.start()
    parent.join()
    address = listening.getsockname()
    listening.close()
    client = socket.create_connection(address)
    client.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
    print(parent.exitcode, client.recv(100).split()[-1])
"""


def it_goes_on() -> None:
    """If the parent is killed, or gets SIGTERM while it starts the workers, a worker that waits in
    `accept()` goes on, and keeps the port: in production, let a thread in each worker end it with
    its parent, and under `fork`, start a manager before the workers.
    """
    shown("ctrl-c", "parent_process().join()\n    os._exit(1)")  # there the parent is killed
    outcome = script(
        changed(
            "web-workers/shared_counter",
            ("def main():", "def main(listening):"),
            ('socket.create_server(("127.0.0.1", 0)) as listening:\n', "listening:\n"),
            ("        address = ", "        import os; os._exit(9)\n        address = "),
            ('\nif __name__ == "__main__":\n    main()\n', ORPHAN),
        )
    )
    assert outcome.stdout == "9 b'1'\n"


def it_is_waited_for() -> None:
    """A worker that is stopped, or a client that sends nothing, is waited for."""
    requests = '            client.sendall(b"GET'
    silent = script(
        changed(
            "web-workers/shared_counter",
            (requests, '            if client is not clients[0]: client.sendall(b"GET'),
            ("        while", "        print('asked', flush=True)\n        while"),
        ),
        hangs_after="asked",
    )
    assert silent.status is None


def a_server_that_must_not_end() -> None:
    """The number in the `Value` stays, but not the global of the dead worker."""
    if get_start_method() == "fork":
        with hits.get_lock():
            hits.value = 0
        assert _requests("fork") == [(1, 1), (1, 2)]  # the second after the first has ended
        hits.value = 0


def port_zero() -> None:
    """Port 0 lets the system choose a free port."""
    with (
        socket.create_server(("127.0.0.1", 0)) as one,
        socket.create_server(("127.0.0.1", 0)) as other,
    ):
        assert 0 != one.getsockname()[1] != other.getsockname()[1] != 0


def after_the_fork() -> None:
    """A `Value` at module level is then made once in each worker, and is not shared.

    So each worker imports the application, and nothing that is made at import is shared.
    """
    if get_start_method() == "spawn":
        assert _requests("spawn") == [(1, 1), (1, 1)]
        assert hits.value == 0


def before_the_fork() -> None:
    """Then all workers have the same `Value` and the same lock."""
    if get_start_method() == "fork":
        with hits.get_lock():
            hits.value = 0
        assert _requests("fork") == [(1, 1), (1, 2)]
        assert (own_hits, hits.value) == (0, 2)
        hits.value = 0


def shared_connection() -> None:
    """Gunicorn calls `os.fork()` itself, so `multiprocessing` does not prepare its objects for the
    workers.

    A manager's proxy that was used before the fork has a connection, which the workers then share:
    a call can return the answer to another worker's call, or wait forever.

    A worker that ends terminates the daemons that the main process has started, such as the
    workers of a `Pool`, and then the main process can hang when the server stops. If the main
    process has children of `multiprocessing`, the worker also prints `AssertionError: can only join
    a child process`.
    """
    shown("daemon-children/in_pool_worker", "daemonic processes are not allowed")
    outcome = script(PRE_FORK)
    assert outcome.stdout == "1\n2\nTrue\n"
    assert "AssertionError: can only join a child process" in outcome.stderr
    shown("lock-holder-killed/terminated", "Output, still running after 5 s")


def a_value_at_import() -> None:
    """Make only a `Value`, an `Array` or a lock at import:

    Connect to the manager in each worker, and use no proxy before the fork.
    """
    no_fact("advice; that it works is proved above, and by the page with the cache")


def keep_it_outside() -> None:
    """Keep the state outside of the server."""
    no_fact("advice")


def where_to_keep_it() -> None:
    """a counter, a total | a `Value` made before the fork, or SQLite

    what must survive a restart | SQLite, or a database
    """
    shown("web-workers/shared_counter", "Value: 6")
    shown("sqlite-and-files/counter", "Tickets sold by 3 sellers: 30")


def by_its_address() -> None:
    """a cache, a rate limit | an object on a server process, which workers reach by its address

    The page A custom object on a server process has a cache and a rate limiter as programs.
    Start that server process as a program of its own, beside the web server. Then it does not
    matter how the web server starts its workers, or that it restarts them.
    """
    shown("object-on-a-server/cache", "class RateCache", "Dollars:")
    shown("object-on-a-server/rate_limit", "class RateLimiter", "At nine: 5 of 8")
    shown("remote-manager/smallest", "server.serve_forever()", "Client.register(")


def it_ends_with_the_program() -> None:
    """The state is lost when that program ends."""
    shown("manager-ended/by_port", 'SyncManager(address=("127.0.0.1", 0))', "ConnectionRefused")


def several_machines() -> None:
    """workers on several machines | a database, or a store such as Redis"""
    no_fact("advice")


def it_differs() -> None:
    """A global counter, or a dict as a cache, differs in each worker, and no error is reported.
    With one worker, as in development, it works.
    """
    shown("web-workers/shared_counter", "Output\nGlobal: [1, 1, 1, 2, 2, 2]")
    shown("globals/changed_in_child", 'orders["apple"] += 1', "Orders: {'apple': 0}")


def killed_with_the_lock() -> None:
    """If a worker is killed while it holds a lock, the others wait forever for that lock."""
    shown("lock-holder-killed/terminated", "with lock:", "still running after 5 s")


def _see(
    kept: dict[str, int], address: int, seen: "SimpleQueue[tuple[bool, dict[str, int]]]"
) -> None:
    same = id(kept) == address
    kept["property"] = 1
    seen.put((same, kept))


def forked_by_uwsgi() -> None:
    """So a `Value` that is made at import by `get_context("fork").Value("i")` is shared. Of any
    other object, each worker has a copy, even though its `id()` is the same in all of them: what
    one of them changes, such as a request that sets a property, or a scheduler in another process
    that fills a dict, the others do not see.
    """
    kept: dict[str, int] = {}
    if "fork" not in get_all_start_methods():
        return
    fork = get_context("fork")
    number, seen = fork.Value("i"), fork.SimpleQueue()
    for _ in range(2):
        worker = fork.Process(target=_see, args=(kept, id(kept), seen))
        worker.start()
        assert seen.get() == (True, {"property": 1})
        worker.join()
    assert kept == {}
    shown("gunicorn/preloaded", 'get_context("fork").Value("q")')
    adder = fork.Process(target=_add_one, args=(number,))
    adder.start()
    adder.join()
    assert number.value == 1


def _add_one(number: "Synchronized[int]") -> None:
    with number.get_lock():
        number.value += 1


def not_run() -> None:
    """This was not run with uWSGI.

    Or keep the session outside of the server.

    metrics for Prometheus | files, or a collector
    """
    no_fact("about this page, advice, and a link")


def no_thread_is_forked() -> None:
    """A thread that is started at import, such as that of a scheduler, is not in the workers,
    because a fork copies no threads.
    """
    if "fork" not in get_all_start_methods():
        return
    end = Event()
    scheduler = Thread(target=end.wait, name="scheduler")
    scheduler.start()
    fork = get_context("fork")
    seen = fork.SimpleQueue()
    worker = fork.Process(target=_see_threads, args=(seen,))
    try:
        worker.start()
        assert "scheduler" not in seen.get()
    finally:
        end.set()
    worker.join()
    scheduler.join()


def _see_threads(seen: "SimpleQueue[list[str]]") -> None:
    seen.put([thread.name for thread in enumerate_threads()])
