"""What docs/beyond/redis.md says."""

import atexit
import os
import pickle
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from importlib import import_module
from multiprocessing import Event, Process, get_context, get_start_method
from pathlib import Path
from typing import Any

from tests.claims import ONCE, PAUSE, ROOT, TIME_LIMIT, changed, no_fact, raises, script, shown
from tests.claims._beside import beside
from tests.claims._hosts import hosts, possible
from tests.claims._until import until

PAGE = ROOT / "docs" / "beyond" / "redis.md"
PROGRAMS = ROOT / "examples" / "redis"
_beside = partial(beside, PROGRAMS)
RUNS_HERE = sys.platform == "linux" and shutil.which("redis-server") is not None
_until_the_end = ExitStack()  # kept here: if a forked child forgot it, that would end the server


@cache
def _url() -> str:
    """The URL of one server for all checks of the page; it ends with this process."""
    found: str = _until_the_end.enter_context(_beside("_server").redis_server())
    atexit.register(_until_the_end.close)  # before the finalizer of its folder
    return found


def _client(**options: Any) -> Any:
    """A client of that server, which has no data."""
    client = import_module("redis").Redis.from_url(_url(), **options)
    client.flushall()
    return client


def _no_retry() -> Any:
    return import_module("redis.retry").Retry(import_module("redis.backoff").NoBackoff(), 0)


def what_it_is_for() -> None:
    """Redis is a server that keeps values for processes that were started separately, on one
    machine or on several. Use it if you need that, or if the values must survive the program. If
    one program starts all its workers, you need no server:
    """
    no_fact("what a server is for, and advice")


def in_place_of_what() -> None:
    """
    a counter | `INCR` | `Value`

    a dictionary | a hash | `Manager`

    jobs, with acknowledgement | a stream | a pipe for each worker

    a lock | a key with an expiry | `Lock`

    a big array | bytes, which are copied | `SharedMemory`, without a copy
    """
    shown("redis/counter", "client.incr(")
    shown("redis/hash", "client.hincrby(")
    shown("redis/stream_queue", "client.xreadgroup(")
    shown("lost-items/acknowledged", "import wait")
    shown("redis/big_array", "client.getrange(")
    shown("numpy-array/own_rows", "buffer=")
    if RUNS_HERE:
        with _client() as client, client.lock("report", timeout=600):
            assert 0 < client.ttl("report") <= 600


def what_they_need() -> None:
    """The programs need `pip install redis numpy` and a `redis-server`, such as that of `apt
    install redis-server`. Each starts a server of its own by `redis_server`, a function in a file
    beside them.
    """
    for program in PROGRAMS.glob("[a-z]*.py"):
        text = program.read_text("utf-8")
        assert 'commands = ["redis-server"]' in text
        assert "with redis_server(" in text


def with_your_own_server() -> None:
    """To run a copy of a program such as `counter.py` with an empty server of your own, import
    `nullcontext` from `contextlib` instead, and replace `redis_server()` with
    `nullcontext("redis://localhost:6379")`.
    """
    if RUNS_HERE:
        for program in "counter", "hash", "list_queue", "stream_queue":
            with _client():
                copy = changed(
                    f"redis/{program}",
                    ("from _server import redis_server", "from contextlib import nullcontext"),
                    ("redis_server()", f'nullcontext("{_url()}")'),
                )
                outcome = script(copy)
                assert (outcome.status, outcome.stderr) == (0, "")
                assert outcome.stdout == Path(PROGRAMS, f"{program}.out").read_text("utf-8")


def one_step() -> None:
    """`INCR` reads and writes in one step, so the workers need no lock. With `GET` and `SET`, an
    update of another process between the two is lost.
    """
    shown("redis/counter", "2000 times INCR: 2000", "GET and SET by two: 1")


def text() -> None:
    """Numbers come back as text."""
    shown("redis/hash", "('red', '3')", "length of one: '13'")


def lost_job() -> None:
    """`LPOP` removes the job before the work is done. Here `worker-1` is killed at that moment:

    a worker after `LPOP` | the job
    """
    shown("redis/list_queue", 'client.lpop("jobs")', "worker-1 has ended: -9", "done: b'b c'")


def kept_job() -> None:
    """A stream keeps the job. `XREADGROUP` notes which worker has received it, `XACK` that it is
    done, and `XAUTOCLAIM` hands a job that has been waiting for too long to another worker:

    a worker after `XREADGROUP` | nothing, once another worker calls `XAUTOCLAIM`
    """
    shown("redis/stream_queue", "worker-1 has ended: -9", "done: b'a b c'")
    if RUNS_HERE:
        with _client(decode_responses=True) as client:
            _two_jobs(client)
            client.xreadgroup("all", "me", {"jobs": ">"}, 1)
            assert [one["consumer"] for one in _pending(client)] == ["me"]
            client.xautoclaim("jobs", "all", "you", 0)
            assert [one["consumer"] for one in _pending(client)] == ["you"]
            client.xack("jobs", "all", _pending(client)[0]["message_id"])
            assert not _pending(client)


def _two_jobs(client: Any) -> None:
    client.xgroup_create("jobs", "all", mkstream=True)
    for name in "a", "b":
        client.xadd("jobs", {"name": name})


def _pending(client: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.xpending_range("jobs", "all", "-", "+", 9)
    return found


def handed_out_again() -> None:
    """A job that takes longer than `LATE` is handed out again while its worker is still busy."""
    if RUNS_HERE:
        with _client() as client:
            _two_jobs(client)
            ((_, [(first, _)]),) = client.xreadgroup("all", "busy", {"jobs": ">"}, 1)

            def claimed() -> bool:
                return [n for n, _ in client.xautoclaim("jobs", "all", "idle", 100)[1]] == [first]

            assert until(claimed)


def advice() -> None:
    """So make `LATE` longer than the longest job, and write jobs so that a second run does no harm.

    Store JSON or numbers.

    Choose an expiry that is longer than the work.

    Convert values from NumPy by `float()` or `int()`.
    """
    no_fact("advice")


def it_grows() -> None:
    """`XACK` alone leaves the entry in the stream, which then grows: `XDEL` removes it, for all
    groups.
    """
    if RUNS_HERE:
        with _client() as client:
            _two_jobs(client)
            ((_, [(number, _)]),) = client.xreadgroup("all", "me", {"jobs": ">"}, 1)
            assert client.xack("jobs", "all", number) == 1
            assert client.xlen("jobs") == 2
            client.xgroup_create("jobs", "others", id="0")
            client.xdel("jobs", number)
            assert client.xlen("jobs") == 1
            ((_, others),) = client.xreadgroup("others", "me", {"jobs": ">"})
            assert number not in [one for one, _ in others]


def round_forever() -> None:
    """A job that kills each worker goes round forever. `XPENDING` tells how often a job has been
    handed out.
    """
    if RUNS_HERE:
        with _client() as client:
            _two_jobs(client)
            client.xreadgroup("all", "first", {"jobs": ">"}, 1)
            for times in range(2, 9):  # as if each were killed
                client.xautoclaim("jobs", "all", f"worker-{times}", 0)
                assert [one["times_delivered"] for one in _pending(client)] == [times]


def _half(url: str, transaction: bool) -> None:
    client = import_module("redis").Redis.from_url(url)
    steps = client.pipeline() if transaction else client
    steps.set("first", 1)
    if transaction:
        # What `execute()` sends, up to the last command, as if the process were killed there.
        link = client.connection_pool.get_connection()
        for command in ["MULTI"], ["SET", "first", 1], ["SET", "second", 1]:
            link.send_command(*command)
            link.read_response()
    os.kill(os.getpid(), signal.SIGKILL)


def as_a_whole() -> None:
    """If the worker is killed, the transaction of the result and the acknowledgement is applied as
    a whole, or not at all.

    a worker between two commands | the second command, unless both are in one transaction
    """
    shown("redis/stream_queue", "step = client.pipeline()", ".execute()")
    if RUNS_HERE:
        for transaction, left in (False, 1), (True, 0):
            with _client() as client:
                worker = Process(target=_half, args=[_url(), transaction])
                worker.start()
                worker.join()
                assert worker.exitcode == -signal.SIGKILL
                assert client.exists("first", "second") == left


def only_in_redis() -> None:
    """Results that are not in Redis are not covered."""
    no_fact("a transaction of a server covers what the server keeps")


def only_the_part() -> None:
    """`GETRANGE` and `SETRANGE` move only the part that a worker needs. The type and the shape are
    not stored: keep them in a hash, or store what `np.save` writes.
    """
    shown("redis/big_array", 'client.getrange("samples", first, last)', "all doubled: True")
    if RUNS_HERE:
        np = import_module("numpy")
        with _client() as client:
            table = np.arange(6, dtype="i2").reshape(2, 3)
            client.set("table", table.data.cast("B"))
            assert len(client.getrange("table", 0, 3)) == 4
            assert np.frombuffer(client.get("table"), "i2").shape == (6,)
            file = import_module("io").BytesIO()
            np.save(file, table)
            client.set("table", file.getbuffer())
            again = np.load(import_module("io").BytesIO(client.get("table")))
            assert (again.shape, again.dtype) == (table.shape, table.dtype)


def copies() -> None:
    """Nothing is shared: each value is a copy that goes through a socket, once in and once out.
    `np.frombuffer` makes no further copy, and its array cannot be written. Redis has a change only
    when you have stored it.
    """
    shown("redis/big_array", "writable as received: [False, False]")
    if RUNS_HERE:
        np = import_module("numpy")
        with _client() as client:
            values = np.zeros(3)
            client.set("values", values.data.cast("B"))
            values[:] = 1
            received, again = client.get("values"), client.get("values")
            assert received is not again
            array = np.frombuffer(received)
            assert array.sum() == 0
            assert array.ctypes.data == np.frombuffer(received, "u1").ctypes.data
            with raises(ValueError, text="read-only"):
                array[0] = 5
            own = array.copy()
            own[:] = 7
            assert client.get("values") == received
            client.set("values", own.data.cast("B"))
            assert np.frombuffer(client.get("values")).sum() == 21


def a_pool_each() -> None:
    """Each process has a `ConnectionPool` of its own:

    Make the client at module level or in the worker, and pass its URL rather than the client, which
    cannot be pickled.
    """
    shown("redis/connection", "global: a connection of its own: True", "cannot pickle")
    redis = import_module("redis")
    for thing in redis.Redis(), redis.ConnectionPool():
        with raises(TypeError, text="cannot pickle"):
            pickle.dumps(thing)


def _ask(client: Any, number: int, wrong: Any) -> None:
    """Ask for texts of one's own until an answer is another one's."""
    for turn in range(100_000):
        own = f"{number} {turn}".encode()
        if client.echo(own) != own:
            wrong.set()
            return
        if wrong.is_set():
            return


def _wrong_answers(**options: Any) -> bool:
    """Whether two forked workers of one client get an answer that is not theirs."""
    fork = get_context("fork")
    client = _client(**options)
    client.ping()
    wrong = fork.Event()
    workers = [fork.Process(target=_ask, args=[client, n, wrong]) for n in range(2)]
    for worker in workers:
        worker.start()
    if not options:
        time.sleep(0.5)  # for workers that would get wrong answers
        for worker in workers:
            worker.kill()
    found = wrong.wait(TIME_LIMIT) if options else wrong.is_set()
    for worker in workers:
        worker.kill()
        worker.join()
    client.connection_pool.disconnect()
    return found


def one_connection() -> None:
    """A client with `single_connection_client=True` does not: two forked workers then read each
    other's answers, and no error is reported.
    """
    if RUNS_HERE and get_start_method() == ONCE:
        assert _wrong_answers(single_connection_client=True)
        assert not _wrong_answers()


def up_to_100() -> None:
    """A `ConnectionPool` opens connections as threads need them, in redis-py 8.1.0 up to 100 for
    each process. Then it raises `MaxConnectionsError`.
    """
    redis = import_module("redis")
    assert redis.Redis().connection_pool.max_connections == 100
    if RUNS_HERE:
        for threads, connections in (1, 1), (3, 3):
            client = _client()
            start = threading.Barrier(threads)

            def wait(client: Any = client, start: threading.Barrier = start) -> None:
                start.wait()
                client.blpop("nothing", timeout=1)

            waiting = [threading.Thread(target=wait) for _ in range(threads)]
            for thread in waiting:
                thread.start()
            for thread in waiting:
                thread.join()
            assert len(client.connection_pool._available_connections) == connections
            client.close()
        pool = redis.ConnectionPool.from_url(_url(), max_connections=2)
        kept = [pool.get_connection(), pool.get_connection()]
        with raises(redis.exceptions.MaxConnectionsError):
            pool.get_connection()
        for connection in kept:
            pool.release(connection)
        pool.disconnect()


def the_holder_of_a_lock() -> None:
    """
    the holder of a lock | access to the lock, until it expires; without an expiry, forever
    """
    shown(
        "redis/lock_killed",
        "expiry 2: acquired after the kill: True",
        "expiry None: acquired after the kill: False",
    )
    if RUNS_HERE:
        with _client() as client:
            client.lock("report").acquire()
            assert client.ttl("report") == -1  # none


def the_server() -> None:
    """
    the server, in memory alone | everything

    the server, with `appendfsync always` | nothing that was answered
    """
    shown("redis/server_killed", "in memory alone\nkept: False - all answered: False")
    shown("redis/server_killed", "--appendfsync always\nkept: True - all answered: True")


def every_second() -> None:
    """`appendonly yes` alone means `appendfsync everysec`."""
    if RUNS_HERE:
        with _client() as client:
            assert client.config_get("appendfsync") == {"appendfsync": "everysec"}


def the_same_clients() -> None:
    """After a restart, the same clients connect again."""
    if RUNS_HERE and get_start_method() == ONCE:
        redis, server = import_module("redis"), _beside("_server").redis_server
        with tempfile.TemporaryDirectory() as folder:
            with server(folder=folder) as url:
                client = redis.Redis.from_url(url, retry=_no_retry())
                client.set("n", 1)
            with raises(redis.ConnectionError):
                client.incr("n")
            with server(folder=folder):
                assert client.incr("n") == 1
            client.close()


@contextmanager
def _losing() -> Iterator[tuple[Any, dict[str, Any]]]:
    """The event that lets the proxy of `twice.py` lose a reply, and where that proxy listens."""
    lose, path = Event(), _url().removeprefix("unix://")
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        args = [proxy, lose, path]
        forwarder = Process(target=_beside("twice").forward, args=args, daemon=True)
        try:
            forwarder.start()
            yield lose, {"port": proxy.getsockname()[1]}
        finally:
            forwarder.kill()
            forwarder.join()


def counted_or_not() -> None:
    """An update that was sent and not answered may have been counted, may be counted later, when
    the network is back, or never.

    Without a retry, you get an error, and do not know whether the update was counted.
    """
    shown("redis/twice", "incr() raises ConnectionError\ncounted: 1")
    if RUNS_HERE and get_start_method() == ONCE:
        redis, server = import_module("redis"), _beside("_server").redis_server
        with tempfile.TemporaryDirectory() as folder:
            options = "--appendonly", "yes", "--appendfsync", "always"
            with server(*options, folder=folder) as url, redis.Redis.from_url(url) as client:
                hasty = redis.Redis.from_url(url, socket_timeout=0.5, retry=_no_retry())
                process = client.info("server")["process_id"]
                for number in signal.SIGCONT, signal.SIGKILL:
                    hasty.ping()
                    os.kill(process, signal.SIGSTOP)
                    try:
                        with raises(redis.TimeoutError):
                            hasty.incr("n")
                    finally:
                        os.kill(process, number)
                    if number == signal.SIGCONT:
                        assert client.get("n") == b"1"
                hasty.close()
            with server(*options, folder=folder) as url, redis.Redis.from_url(url) as client:
                assert client.get("n") == b"1"


def sent_again() -> None:
    """If the reply is lost, a client made by `Redis(host, port)` sends the command again, in
    redis-py 8.1.0 up to 10 times. Then one `incr()` counts twice, and no error is reported. A
    client made by `Redis.from_url()` raises the error instead.
    """
    shown("redis/twice", "incr() returns 2\ncounted: 2")
    redis = import_module("redis")
    assert redis.Redis().get_retry().get_retries() == 10
    if RUNS_HERE and get_start_method() == ONCE:
        with _client() as direct, _losing() as (lose, address):
            url = f"redis://127.0.0.1:{address['port']}"
            with redis.Redis.from_url(url) as client:
                client.ping()
                lose.set()
                with raises(redis.ConnectionError):
                    client.incr("n")
            assert direct.get("n") == b"1"


def with_an_id() -> None:
    """Give each update an id instead, and let the server skip an id that it has seen, here for a
    day. The program uses the proxy of the one above, and needs its file:
    """
    shown("redis/once", "'EX', 86400", "from twice import forward")
    shown("redis/once", "17: reply lost: True, counted: 1\nsale:18: reply lost: True, counted: 2")


def a_second_lpop() -> None:
    """The same holds for every command that must not run twice: a second `LPOP` takes a second job,
    and the first one is lost.
    """
    if RUNS_HERE and get_start_method() == ONCE:
        with _client() as direct, _losing() as (lose, address):
            direct.rpush("jobs", "a", "b")
            with import_module("redis").Redis(**address) as client:
                client.ping()
                lose.set()
                assert client.lpop("jobs") == b"b"
            assert direct.llen("jobs") == 0


def two_were_inside() -> None:
    """The lock expired before the work was done, and two processes were inside."""
    shown("redis/lock_slow", "the worker is inside\nthe parent is inside, too: True")


def a_reply_of_a_lock() -> None:
    """The same error comes if only the reply to `release()` was lost, and the client sent it again.
    If the reply to `acquire()` is lost, nobody knows that the lock is taken, until it expires:
    never make one without an expiry.
    """
    if RUNS_HERE and get_start_method() == ONCE:
        redis = import_module("redis")
        with _client() as direct, _losing() as (lose, address), redis.Redis(**address) as client:
            lock = client.lock("report", timeout=600)
            assert lock.acquire()
            lose.set()
            with raises(redis.exceptions.LockNotOwnedError):
                lock.release()
            assert not direct.exists("report")
            lose.set()
            assert not lock.acquire(blocking=False)
            assert direct.exists("report")


def start_the_time_again() -> None:
    """If you cannot, call `lock.reacquire()` before each step: it starts the time again, and raises
    the same error if the lock is lost.
    """
    if RUNS_HERE:
        redis = import_module("redis")
        with _client() as client:
            lock = client.lock("report", timeout=600)
            lock.acquire()
            client.expire("report", 300)
            lock.reacquire()
            assert 300 < client.ttl("report") <= 600
            client.delete("report")
            with raises(redis.exceptions.LockNotOwnedError):
                lock.reacquire()


def less_than_that() -> None:
    """A client made by `Redis()` sends it again, for about a minute, before it raises
    `TimeoutError`; one made by `Redis.from_url()` raises it at once. Wait for less than
    `socket_timeout`, in a loop, or make a client with `socket_timeout=None` for these calls.
    """
    redis = import_module("redis")
    made = redis.Redis.from_url("redis://127.0.0.1").connection_pool.make_connection()
    assert made.retry.get_retries() == 0
    client = redis.Redis()
    tries = 1 + client.get_retry().get_retries()
    assert 50 < tries * client.get_connection_kwargs()["socket_timeout"] < 60
    if RUNS_HERE and get_start_method() == ONCE:
        again = import_module("redis.retry").Retry(import_module("redis.backoff").NoBackoff(), 2)
        with _client(socket_timeout=0.2, retry=again) as client:
            client.config_resetstat()
            with raises(redis.TimeoutError):
                client.blpop("nothing", timeout=0)
            assert client.info("commandstats")["cmdstat_blpop"]["calls"] == 3
        options = {"retry": _no_retry()}
        with _client(socket_timeout=0.5, **options) as client:
            assert client.blpop("nothing", timeout=0.1) is None
            with raises(redis.TimeoutError, text="Timeout reading from socket"):
                client.blpop("nothing", timeout=0)
        with _client(socket_timeout=None, **options) as client:
            assert client.blpop("nothing", timeout=6) is None


def its_repr() -> None:
    """A `np.float64` is a `float`, so redis-py stores its `repr()`, and no error is reported."""
    shown("redis/values", "np.float64(2.5) -> b'np.float64(2.5)'", "-> Invalid input of type")
    assert issubclass(import_module("numpy").float64, float)


def no_pickles() -> None:
    """Do not store pickles: whoever can write them runs code in your workers."""
    shown("untrusted-data/recv_runs_code", "recv()")


def _commands() -> list[str]:
    """The two blocks of commands for several hosts, as they stand on the page."""
    found = PAGE.read_text("utf-8").split("## Several hosts")[1].split("```")
    return [block.removeprefix("bash\n") for block in found[1:4:2]]


@contextmanager
def _several_hosts() -> Iterator[tuple[Any, list[Any], dict[str, str]]]:
    """Two hosts beside that of the server, which runs, and the variables of their commands."""
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    variables = {"PATH": path, "LD_LIBRARY_PATH": os.environ.get("LD_LIBRARY_PATH", "")}
    with tempfile.TemporaryDirectory() as folder, hosts("10.0.0.1", "10.0.0.2", "10.0.0.3") as made:
        server = subprocess.Popen(
            made[0].line("sh", "-c", f"trap : TERM  # and wait\n{_commands()[0]}"),
            cwd=folder,
            env=variables,
            stdout=subprocess.DEVNULL,
            process_group=0,
        )
        try:
            file = Path(folder, "redis.conf")
            assert until(lambda: file.exists() and "maxmemory" in file.read_text("utf-8"))
            password = file.read_text("utf-8").split("requirepass ")[1].split()[0]
            assert (len(password), file.stat().st_mode & 0o77) == (64, 0)
            yield made[0], made[1:], variables | {"PASSWORD": password}
        finally:
            while server.poll() is None:  # a first signal may come before Redis is there
                os.killpg(server.pid, signal.SIGTERM)
                time.sleep(PAUSE)


def _run_on(host: Any, variables: dict[str, str], commands: str) -> str:
    """What commands print on a host, or the last line of their error."""
    line = host.line("sh", "-c", commands)
    run = subprocess.run(line, env=variables, capture_output=True, text=True, check=False)
    return run.stdout.strip() if not run.returncode else run.stderr.strip().splitlines()[-1]


PATIENT = """
import redis, sys
client = redis.Redis.from_url(sys.argv[1], socket_timeout=1, socket_connect_timeout=1)
for line in sys.stdin:
    try:
        print("counted", client.incr("visits"), flush=True)
    except (redis.ConnectionError, redis.TimeoutError) as error:
        print("error", type(error).__name__, flush=True)
"""


def on_several_hosts() -> None:
    """On the host of the server, whose address is `10.0.0.1` here:

    On each other host, with the password from that file in `PASSWORD`:

    A host whose network is cut off gets a `ConnectionError` or `TimeoutError` after its retries,
    and the others go on. When the network is back, its client connects again.
    """
    if not RUNS_HERE or get_start_method() != ONCE:
        return
    if not possible():
        print("this system does not let us make network namespaces, so there are no several hosts")
        return
    with _several_hosts() as (_, (first, second), variables):
        count = _commands()[1]
        assert until(lambda: _run_on(first, variables, count) == "visits: 1")
        assert _run_on(second, variables, count) == "visits: 2"
        wrong = _run_on(second, variables | {"PASSWORD": "guessed"}, count)
        assert wrong.startswith("redis.exceptions.AuthenticationError"), wrong
        url = f"redis://:{variables['PASSWORD']}@10.0.0.1:6379"
        with subprocess.Popen(
            second.line(sys.executable, "-c", PATIENT, url),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as client:
            assert client.stdin

            def ask() -> str:
                assert client.stdin
                assert client.stdout
                client.stdin.write("\n")
                client.stdin.flush()
                return client.stdout.readline()

            assert ask() == "counted 3\n"
            second.set_cable("down")
            assert ask() in ("error ConnectionError\n", "error TimeoutError\n")
            assert _run_on(first, variables, count) == "visits: 4"
            second.set_cable("up")
            assert until(lambda: ask().startswith("counted"))
            client.stdin.close()


def already_in_use() -> None:
    """If it ends with `Address already in use`, a server runs there already. `apt install
    redis-server` starts one: stop it with `systemctl disable --now redis-server`.
    """
    if RUNS_HERE and get_start_method() == ONCE:
        with socket.create_server(("127.0.0.1", 0)) as other, tempfile.TemporaryDirectory() as here:
            Path(here, "redis.conf").write_text(
                f"bind 127.0.0.1\nport {other.getsockname()[1]}\n", "utf-8"
            )
            line = ["redis-server", "redis.conf"]
            ended = subprocess.run(line, cwd=here, capture_output=True, text=True, check=False)
            assert ended.returncode == 1
            assert "Address already in use" in ended.stdout


def it_is_full() -> None:
    """At `maxmemory`, writes raise `OutOfMemoryError`."""
    if RUNS_HERE and get_start_method() == ONCE:
        redis, server = import_module("redis"), _beside("_server").redis_server
        for options, kept in ([], 0), (["--maxmemory-policy", "allkeys-lru"], None):
            with server(*options, "--maxmemory", "3mb") as url, redis.Redis.from_url(url) as client:
                keys = [f"key {number}" for number in range(9)]
                try:
                    for key in keys:
                        client.set(key, bytes(500_000))
                    assert kept is None
                    assert client.exists(*keys) < len(keys)
                except redis.exceptions.OutOfMemoryError:
                    assert kept == 0


def the_server_of_the_programs() -> None:
    """`_server.py` runs `redis-server` on a Unix socket in a temporary folder, for `connection.py`
    in the current one, with `--maxmemory 400mb`, and without files unless a program asks for them.
    """
    shown("redis/connection", 'folder="."')
    assert _beside("_server").OPTIONS == ["--port", "0", "--save", "", "--maxmemory", "400mb"]
    if RUNS_HERE:
        with _client() as client:
            path = Path(_url().removeprefix("unix://"))
            assert path.is_socket()
            assert path.parent.parent == Path(tempfile.gettempdir()).resolve()
            client.set("n", 1)
            log = f"redis-{os.getpid()}.log"
            assert {file.name for file in path.parent.iterdir()} == {"redis.sock", log}


STARTS = """
from time import sleep
from _server import redis_server
from redis import Redis

with redis_server() as url:
    print(url.removeprefix("unix://"), Redis.from_url(url).info()["process_id"], flush=True)
    while True:
        sleep(0.1)  # a signal that comes between two steps does not end a longer one
"""


def _start(path: str) -> "subprocess.Popen[str]":
    """A program with a server of its own, with the commands that are on `path`."""
    return subprocess.Popen(
        [sys.executable, "-c", STARTS],
        env=os.environ | {"PYTHONPATH": str(PROGRAMS), "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )


def it_ends_the_server() -> None:
    """It ends the server by its process id, also after Ctrl-C, SIGTERM and SIGHUP. If the program
    is killed with SIGKILL, the server and its folder stay.
    """
    if RUNS_HERE and get_start_method() == ONCE:
        for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL:
            with _start(os.environ["PATH"]) as program:
                assert program.stdout
                place, server = program.stdout.readline().split()
                os.kill(int(server), 0)  # there it is
                os.killpg(program.pid, number)
                program.wait()  # a server that runs on has its standard error
                own = number in (signal.SIGTERM, signal.SIGHUP)
                assert program.returncode == (128 + number if own else -number)
                assert Path(place).parent.exists() == (number == signal.SIGKILL)
                if number == signal.SIGKILL:
                    os.kill(int(server), signal.SIGKILL)
                    shutil.rmtree(Path(place).parent)
                else:
                    with raises(ProcessLookupError):
                        os.kill(int(server), 0)


def one_line() -> None:
    """If there is no `redis-server`, or if it does not start, one line says so, and the exit status
    is 2.
    """
    if RUNS_HERE and get_start_method() == ONCE:
        with tempfile.TemporaryDirectory() as folder:
            for told in "install it", "has not started":
                with _start(folder) as program:
                    output, error = program.communicate()
                assert (program.returncode, output) == (2, "")
                assert told in error
                assert error.count("\n") == 1
                broken = Path(folder, "redis-server")
                broken.write_text("#!/bin/sh\nexit 1\n", "utf-8")
                broken.chmod(0o700)


def versions() -> None:
    """Run with redis-py 8.1.0 and Redis 7.0, on Linux."""
    from importlib.metadata import version

    assert version("redis") == "8.1.0"
    if RUNS_HERE:
        with _client() as client:
            assert client.info("server")["redis_version"].startswith("7.0.")
