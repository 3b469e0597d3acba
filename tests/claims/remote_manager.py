"""What docs/syntax/remote-manager.md says."""

import os
import pickle
import queue
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from inspect import ismethod
from multiprocessing import (
    AuthenticationError,
    Pipe,
    Process,
    Queue,
    current_process,
    get_context,
    get_start_method,
    managers,
    util,
)
from multiprocessing.connection import Client, Connection, Listener
from multiprocessing.managers import (
    BaseManager,
    DictProxy,
    RemoteError,
    SyncManager,
)
from pathlib import Path
from statistics import median
from threading import Thread
from time import perf_counter, sleep
from types import SimpleNamespace
from typing import Any

from tests.claims import PAUSE, SURE, TIME_LIMIT, no_fact, on, raises, script, shown
from tests.claims._proofs import exhibit
from tests.claims._sockets import tried

KEY = b"a key of its own"
UNIX = sys.platform != "win32"

LONG_FOLDER = """
import os
import tempfile
from multiprocessing import Manager, Process

def work():
    print("worked", flush=True)

if __name__ == "__main__":
    folder = os.path.join(tempfile.gettempdir(), "long-" * 22)
    os.mkdir(folder)
    os.environ["TMPDIR"] = tempfile.tempdir = folder
    try:
        child = Process(target=work)
        child.start()
        child.join()
    except OSError as error:
        print(error)
    try:
        Manager().shutdown()
        print("managed")
    except (EOFError, OSError) as error:
        print(type(error).__name__, error)
"""

NAME_OF_A_LAMBDA = """
from multiprocessing.managers import BaseManager

class Shop(BaseManager):
    pass

Shop.register("seven", lambda: 7)

if __name__ == "__main__":
    with Shop() as manager:
        print(manager.seven())
"""

_points: dict[str, int] = {}
_both = threading.Barrier(2)


class _Orders(queue.Queue[str]):
    """A queue that tells whether somebody waits for an item."""

    def has_a_waiter(self) -> bool:
        return bool(self.not_empty._waiters)  # type: ignore[attr-defined]


_orders = _Orders()


class _Server(BaseManager):
    """The server's manager: the dict exists once."""


class _Client(BaseManager):
    """The client's."""


class _OtherClient(BaseManager):
    """Does not name the class of the proxy."""


_Server.register("points", lambda: _points, DictProxy)
_Server.register("plain", lambda: _points)
_Server.register("new", dict, DictProxy)
_Server.register("both", lambda: _both, exposed=("wait",))
_Client.register("points", proxytype=DictProxy)
_Client.register("plain", proxytype=DictProxy)
_Client.register("new", proxytype=DictProxy)
_Client.register("both")
_Server.register("orders", lambda: _orders)
_Client.register("orders")
_OtherClient.register("points")


def _serve(address: Any, sender: Connection) -> None:
    server = _Server(address, KEY).get_server()
    sender.send(server.address)
    server.serve_forever()
    os._exit(3)  # never runs


@contextmanager
def _serving(address: Any = ("127.0.0.1", 0)) -> Iterator[tuple[Process, Any]]:
    """A server process, and the address of its server."""
    receiver, sender = Pipe(duplex=False)
    with receiver, sender:
        process = Process(target=_serve, args=(address, sender))
        process.start()
        sender.close()
        try:
            found = receiver.recv()
        except EOFError:
            process.join()
            raise
    try:
        yield process, found
    finally:
        process.terminate()
        process.join()


def _connected(address: Any, kind: type[BaseManager] = _Client) -> Any:
    client = kind(address, KEY)
    client.connect()
    return client


def _get_an_order(address: Any) -> None:
    _connected(address).orders().get()


def _pid() -> int:
    return os.getpid()


class _Code:
    """As pickled, it is a call of `os.getpid`."""

    def __reduce__(self) -> tuple[Callable[[], int], tuple[()]]:
        return os.getpid, ()


def without_a_parent() -> None:
    """A server calls `serve_forever()`. Any program that has the server's address and key calls
    `connect()`, and uses the same objects.

    `address` | where the server listens; for a client, the server's address

    `("127.0.0.1", 0)` | a free port, chosen by the system; `server.address` has its number

    `connect()` | for a client: connects once, to check the address and the key

    `address` | the server's address

    A `for` loop over a `DictProxy` raises `RemoteError` or `KeyError: 'Iterator'`, because a
    `BaseManager` has not registered that name. Loop over `proxy.copy()`, or derive the classes of
    both sides from `SyncManager`.
    """
    with _serving() as (process, address):
        assert address[0] == "127.0.0.1"
        assert address[1] > 0
        one, other = _connected(address), _connected(address)
        assert one.address == address
        one.points()["Ada"] = 30
        assert other.points().copy() == {"Ada": 30}
        with raises(AuthenticationError):
            _Client(address, b"wrong").connect()
        assert process.is_alive()
        assert list(other.points().copy()) == ["Ada"]
        with raises(RemoteError, text="KeyError: 'Iterator'"):
            list(other.points())
    with SyncManager() as manager:
        assert manager.address == manager._address  # type: ignore[attr-defined]
        points: Any = manager.dict(Ada=30)
        assert list(points) == ["Ada"]
        points._manager = SimpleNamespace(_registry=_Client._registry)  # type: ignore[attr-defined]
        with raises(KeyError, text="Iterator"):
            list(points)


def the_callable() -> None:
    """The callable should return the same object each time, because otherwise each client gets a
    new one. If you use a `proxytype`, name it on both sides: the server's decides which methods
    may be called, and the client's is the class of the proxy.

    Calls of different clients can run at the same time, so an object of your own needs a lock.

    The server has a thread for each connection.

    A client's call `manager.points()` asks the server to call the registered function, and returns
    a proxy of the result.

    What a client reads is a copy.
    """
    with _serving() as (_, address):
        client = _connected(address)
        client.new()["Ada"] = 30
        assert client.new().copy() == {}
        points = client.points()
        assert type(points) is DictProxy
        points["Ada"] = [30]
        points["Ada"].append(31)
        assert points["Ada"] == [30]
        with raises(RemoteError, text="method '__getitem__'"):
            client.plain()["Ada"]
        assert type(_connected(address, _OtherClient).points()).__name__ == "AutoProxy[points]"
        waiter = threading.Thread(target=client.both().wait, args=(TIME_LIMIT,))
        waiter.start()
        _connected(address).both().wait(TIME_LIMIT)  # each ends only while the other runs
        waiter.join()


def when_to_use_it() -> None:
    """Use a remote manager for programs that were started separately, on the same machine or, over
    TCP, on another one.

    To use the server from another machine, start it with `("", 50000)`, and connect to
    `("server.example.org", 50000)`. If there is a firewall, it must let the port through.

    Do not write the key into the program. Read it from a file or an environment variable that only
    you can read, and make it long: `secrets.token_bytes(32)`.

    Between machines, use an SSH tunnel or a VPN, and keep the server on `127.0.0.1`.
    """
    no_fact("advice")


def the_first_program() -> None:
    """Here one file starts everything, so that you can run it: the server is a child, and both
    clients are in the parent. The system chooses the port, and a pipe sends the address to
    the parent. The key is a new one in each run, and the server gets it as an argument. Server and
    clients share no object, and the clients get no proxy from another process: the address and the
    key are enough.
    """
    shown("remote-manager/smallest", '("127.0.0.1", 0)', "sender.send(server.address)")
    shown("remote-manager/smallest", "token_bytes(32)", "args=(sender, key)", "Process(target=")
    shown("remote-manager/smallest", "client = Client(address, key)", "{'Ada': 30, 'Bob': 12}")


def pointers() -> None:
    """Programs that were started separately read the key from a file. For the same in two files,
    see two scripts.
    """
    no_fact("pointers to what follows")


def the_call() -> None:
    """`BaseManager(address=None, authkey=None, serializer="pickle", ctx=None, *,
    shutdown_timeout=1.0)`

    `serializer` | `"pickle"`, or `"xmlrpclib"`, with which an exception of a method arrives as a
    `TypeError`

    `ctx` | the context with which `start()` starts the server; see start methods

    `start(initializer=None, initargs=())`, `shutdown()`, or `with` | starts a server process, and
    ends it

    `join(timeout=None)` | waits for the process that `start()` started

    `register(...)` | a class method: registers a name
    """
    assert ismethod(BaseManager.register)
    manager = SyncManager(serializer="xmlrpclib", ctx=get_context(get_start_method()))
    manager.start()
    server = manager._process  # type: ignore[attr-defined]
    assert server._start_method == get_start_method()
    assert server.is_alive()
    shared = manager.list([7])
    assert len(shared) == 1
    with raises(TypeError):
        shared[1]
    del shared
    manager.shutdown()
    manager.join()
    assert not server.is_alive()
    with raises(KeyError):
        SyncManager(serializer="json")


def shutdown_timeout() -> None:
    """`shutdown_timeout` | how many seconds `shutdown()` waits for the server process to end before
    it terminates the process, and again before it kills the process
    """
    calls: list[object] = []
    process = SimpleNamespace(
        is_alive=lambda: True,
        join=lambda timeout=None: calls.append(timeout),
        terminate=lambda: calls.append("terminate"),
        kill=lambda: calls.append("kill"),
    )
    finalize = BaseManager._finalize_manager  # type: ignore[attr-defined]
    finalize(process, "", b"", SimpleNamespace(value=1), None, shutdown_timeout=7)
    assert calls == [7, "terminate", 7, "kill", None]


def listens_at_once() -> None:
    """`get_server()` | a server in this process, which listens at once, but does not answer yet;
    its `address` is the address
    """
    server = _Server(("127.0.0.1", 0), KEY).get_server()
    address: Any = server.address
    asker = socket.create_connection(address)
    asker.settimeout(SURE)
    with raises(TimeoutError):
        asker.recv(1)
    asker.close()
    server.listener.close()  # type: ignore[attr-defined]


def both_sides() -> None:
    """Both sides register the same name. The server registers it with a callable that returns the
    object. The client registers the name without a callable.
    """
    shown("remote-manager/smallest", 'Server.register("points", lambda: points, DictProxy)')
    shown("remote-manager/smallest", 'Client.register("points", proxytype=DictProxy)')


def no_end_for_clients() -> None:
    """A client has no method that stops the server. To stop `serve_forever()`, end the server's
    process with Ctrl-C or, as here, with `terminate()`. If the address is a path, `terminate()`
    leaves the file behind, and the next server raises `OSError: Address already in use`. Remove
    the file first. After Ctrl-C the file is gone.

    `get_server().serve_forever()` | answers calls until the process ends; a line after this call
    never runs

    If the server cannot start, `recv()` raises `EOFError`; if a client fails, `daemon=True` ends
    the server with the program.

    If the address is a path, the error is `FileNotFoundError`, as `manager_client.py` shows, or
    `ConnectionRefusedError` if a terminated server left its file behind.

    `"/tmp/shop"` | on Unix, a socket file, for programs on this machine
    """
    shown("remote-manager/smallest", "server.terminate()\n    server.join()", "daemon=True")
    shown("two-scripts/manager_client", "FileNotFoundError", "exit status 1")
    if UNIX:
        with tempfile.TemporaryDirectory() as folder:
            path = str(Path(folder) / "shop")
            with _serving(path) as (process, address):
                assert address == path
                client = _connected(path)
                assert client.points().copy() == {}
                assert not hasattr(client, "shutdown")
                os.kill(process.pid or 0, signal.SIGINT)
                process.join()
            assert process.exitcode == 0
            assert not Path(path).exists()
            with raises(FileNotFoundError):
                _connected(path)
            with _serving(path):
                assert Path(path).is_socket()
            assert Path(path).is_socket()
            with raises(ConnectionRefusedError):
                _connected(path)
            with raises(OSError, text="Address already in use"):
                _Server(path, KEY).get_server()
            with raises(EOFError), _serving(path):
                pass


def a_free_address() -> None:
    """The address of a manager without an `address` is in the folder for temporary files."""
    if UNIX:
        with SyncManager() as manager:
            assert Path(str(manager.address)).is_relative_to(tempfile.gettempdir())


def a_long_folder() -> None:
    """If that folder (`TMPDIR`) has a long path, then until Python 3.13.5 the server of a manager
    fails with this error, and `start()` raises `EOFError`. Under `forkserver`, `start()` of a
    process raises the error itself. Python 3.13.6 and later ignore such a `TMPDIR`, but they
    count its characters: a path with letters that need several bytes each, such as `ö`, can still
    be too long.
    """
    if UNIX:
        outcome = script(LONG_FOLDER)
        of_a_process, of_a_manager = outcome.stdout.splitlines()
        fails = not on("Python 3.13.6 and later")
        if get_start_method() == "forkserver":
            assert of_a_process == ("AF_UNIX path too long" if fails else "worked")
        else:
            assert of_a_process == "worked"
            assert of_a_manager == ("EOFError " if fails else "managed")
            assert ("OSError: AF_UNIX path too long" in outcome.stderr) == fails
        if not fails:
            before = tempfile.tempdir
            try:
                tempfile.tempdir = f"/{'x' * 90}"
                assert util._get_base_temp_dir(tempfile) != tempfile.tempdir  # type: ignore[attr-defined]
                tempfile.tempdir = f"/{'ö' * 50}"
                assert util._get_base_temp_dir(tempfile) == tempfile.tempdir  # type: ignore[attr-defined]
                with raises(OSError, text="AF_UNIX path too long"):
                    Listener(f"{tempfile.tempdir}/pymp-12345678")
            finally:
                tempfile.tempdir = before


def a_folder_that_is_somewhat_too_long() -> None:
    """In Python 3.13.18, so is a path of 76 to 79 bytes. The doctor says whether yours fits."""
    if UNIX and on("Python 3.13.18"):
        before = tempfile.tempdir
        with Listener(family="AF_UNIX") as listener:
            added = str(listener.address).removeprefix(tempfile.gettempdir())
        try:
            for length in 76, 79:
                tempfile.tempdir = f"/{'x' * (length - 1)}"
                assert util._get_base_temp_dir(tempfile) == tempfile.tempdir  # type: ignore[attr-defined]
                with raises(OSError, text="AF_UNIX path too long"):
                    Listener(tempfile.tempdir + added)
            tempfile.tempdir = f"/{'x' * 79}"
            assert util._get_base_temp_dir(tempfile) != tempfile.tempdir  # type: ignore[attr-defined]
        finally:
            tempfile.tempdir = before


def started() -> None:
    """A manager that was started by `with` has an address, too, so clients can connect to it. Here
    `with` starts the server process, and ends it.
    """
    shown("remote-manager/started", "with Shop(authkey=key) as manager:", "manager.connect()")
    shown("remote-manager/started", "Address is a str\nOrders: 3")


def the_key() -> None:
    """Only a program that has the key can connect. With a wrong key, `connect()` raises
    `AuthenticationError`. But:

    With a wrong key, you get AuthenticationError: digest sent was rejected.
    """
    shown("wrong-authkey/client_key", "AuthenticationError: digest sent was rejected")


def it_runs_code() -> None:
    """A program that has the key can run code in the server. The key does not protect the server
    from a client that has the key. Nor does it protect a client from the server, because the
    client unpickles the answers.
    """
    with _serving() as (process, address):
        points = _connected(address).points()
        points["pid"] = _Code()
        assert points["pid"] == process.pid
    shown("wrong-authkey/same_key", "Output")
    assert pickle.loads(pickle.dumps(_Code())) == os.getpid()


def what_can_be_shared() -> None:
    """Any object in the server can be shared: a dict, a list, a queue, an instance of your own
    class. Its arguments and return values are pickled, so both sides must be able to import their
    classes.
    """
    assert {"dict", "list", "Queue"} <= SyncManager._registry.keys()  # type: ignore[attr-defined]
    shown("custom-manager/smallest", 'register("Scoreboard", Scoreboard)', "{'Ada': 42}")
    with raises(ModuleNotFoundError, text="no_such_module"):
        pickle.loads(b"cno_such_module\nShop\n.")


def the_connection() -> None:
    """At its first call, the proxy opens a connection, which proves the key again; each thread of
    the client has one connection for all its proxies.
    """
    with _serving() as (_, address):
        client = _connected(address)
        one, other = client.points(), client.new()
        assert not hasattr(one._tls, "connection")
        one.copy()
        connection = one._tls.connection
        other.copy()
        assert other._tls.connection is connection
        del one._tls.connection
        one._authkey = b"wrong"
        with raises(AuthenticationError):
            one.copy()
        one._authkey = KEY
        connection.close()


def no_server() -> None:
    """If no server listens at an address on the same machine, `connect()` raises an error, and does
    not wait for a server that is started later.
    """
    shown("remote-manager/no_server", "manager.connect()", "Error: ConnectionRefusedError")


def the_names() -> None:
    """The next program asks for a name that only the client has registered, and for one that it has
    not:
    """
    shown("remote-manager/not_registered", 'Client.register("prices")', "KeyError: 'prices'")
    shown("remote-manager/not_registered", "'Client' object has no attribute 'stock'")


def a_full_queue() -> None:
    """On Linux, over TCP, a client that connects while the server's queue of new connections is
    full can wait forever.

    If more clients connect at once, use a path as the address.
    """
    if sys.platform != "linux":
        return
    server = _Server(("127.0.0.1", 0), KEY).get_server()  # does not accept
    address: Any = server.address
    clients = tried(address, 200)
    server.listener.close()  # type: ignore[attr-defined]
    places = 16 if on("Python 3.11 to 3.12") else 128
    assert places <= clients <= places + 2, clients


def no_with() -> None:
    """Do not use a client in a `with` statement. Before `connect()`, `with` starts a server of its
    own, or raises `EOFError` if there is one at the address; after it, the end of the block raises
    `AttributeError`.
    """
    with SyncManager() as manager:
        client = SyncManager(("127.0.0.1", 0))
        with client:
            assert client._process.pid != manager._process.pid  # type: ignore[attr-defined]
        client = SyncManager(manager.address)
        with raises(EOFError), client:
            pass
        client = SyncManager(manager.address)
        client.connect()
        with raises(AttributeError, text="shutdown"), client:
            assert client.list("ab")[:] == ["a", "b"]


def a_lambda() -> None:
    """With `get_server()`, the callable can be a `lambda`. A manager that is started by `with` or
    `start()` sends the callable to its server, and under `forkserver` and `spawn` a `lambda`
    cannot be pickled. Use a function at module level, as in the program above with `the_orders`.
    """
    shown("remote-manager/smallest", "lambda: points, DictProxy", "get_server()", "'Ada': 30")
    shown("remote-manager/started", 'register("orders", the_orders', "Orders: 3")
    outcome = script(NAME_OF_A_LAMBDA)
    if get_start_method() == "fork":
        assert outcome.stdout == "7\n"
    else:
        assert "lambda" in outcome.stderr
        assert "pickle" in outcome.stderr


def after_the_end() -> None:
    """After the server has ended, a call raises a connection error, and goes on doing so when the
    server is started again.
    """
    shown("manager-restarts/same_address", "The old proxy: a connection error")
    shown("manager-ended/by_port", "Error: ConnectionRefusedError")


def through_a_queue() -> None:
    """If a client puts its proxy into a queue, the proxy loses the key, even for a child. The
    receiver uses the key of its own process, and gets `AuthenticationError` if that is another
    key.
    """
    shown("wrong-authkey/through_queue", "AuthenticationError")
    queue: Queue[Any] = Queue()
    own = current_process().authkey
    with _serving() as (_, address):
        points = _connected(address).points()
        for _ in range(2):
            queue.put(points)
        with raises(AuthenticationError):
            queue.get()
        current_process().authkey = KEY
        try:
            assert queue.get().copy() == {}
        finally:
            current_process().authkey = own
    queue.close()


def a_client_is_killed() -> None:
    """If a client is killed while it waits in `get()` of a shared queue, an item is lost."""
    with _serving() as (_, address):
        orders = _connected(address).orders()
        waiter = Process(target=_get_an_order, args=(address,))
        waiter.start()
        while not orders.has_a_waiter():
            sleep(PAUSE)
        waiter.kill()
        waiter.join()
        orders.put("apple")
        while orders.qsize():  # until the thread of the dead client has taken it
            sleep(PAUSE)
        orders.put("pear")
        assert orders.get() == "pear"


def every_message() -> None:
    """This program shows what a manager, a `Listener` and a `Client` raise at the wrong time, and
    for a wrong address or key:

    A list is not an address, so use a tuple, `("127.0.0.1", 50000)`. `AF_PIPE` is the family of the
    named pipe on Windows.
    """
    shown("remote-manager/every_message", "start() again:\n  ProcessError: Already started server")
    shown("remote-manager/every_message", "TypeError: address type of ['127.0.0.1', 50000] unrec")
    shown("remote-manager/every_message", r'Client(r"\\.\pipe\shop")', "Family AF_PIPE is not")


def under_every_start_method() -> None:
    """The programs on this page print the same under every start method: `fork`, `forkserver` and
    `spawn`.
    """
    shown("remote-manager/smallest", "Output\n{'Ada'")
    shown("remote-manager/long_path", "Output, on Linux and macOS\nOSError")
    shown("remote-manager/started", "Output\nAddress")
    shown("remote-manager/no_server", "Output\nError")
    shown("remote-manager/not_registered", "Output\nRemoteError")
    shown("remote-manager/every_message", "Output, on Linux and macOS\ndict() before start()")


def something_else() -> None:
    """To share objects between a program and its children: Manager or Custom manager, without an
    address.

    To send messages only: a Listener and a Client.

    To share big data on one machine: SharedMemory, by its name.

    To connect many machines, or to keep data that must remain after the server ends: a database or
    a message broker; to send them messages without a server, ZeroMQ; to run functions on them, Dask
    or Ray.
    """
    no_fact("advice")


def what_becomes_of_it() -> None:
    """Here the worker is the server.

    If it fails, the clients get an error.

    This is what becomes of the first program of this page if a fault is put in:
    """
    shown(
        "remote-manager/smallest",
        "If something fails",
        "a worker is killed            status 1, told",
    )


def _answers(address: Any, *, at_once: bool = False) -> dict[int, list[float]]:
    """How many seconds a message of so many bytes and a short answer to it take, each time."""
    took = {}
    with Listener(address) as listener:
        server = Thread(target=_answer_each, args=(listener,))
        server.start()
        with Client(listener.address) as connection:
            if at_once:
                names: dict[str, Any] = {}
                exec(exhibit("remote-manager"), names)
                names["send_at_once"](connection)
            for size in (16_384, 16_385, 20_000, 65_000, 100_000):
                took[size] = _times(lambda size=size: _answer(connection, size))  # type: ignore[misc]
        server.join()
    return took


def _times(call: Callable[[], object]) -> list[float]:
    """How many seconds a call takes, each time; a busy machine only adds to that."""
    times = []
    for _ in range(15):
        begun = perf_counter()
        call()
        times.append(perf_counter() - begun)
    return times


def _answer(connection: "Connection[Any, Any]", size: int) -> None:
    connection.send_bytes(bytes(size))
    connection.recv_bytes()


def _answer_each(listener: Listener) -> None:
    with listener.accept() as connection, suppress(EOFError):
        while True:
            connection.recv_bytes()
            connection.send_bytes(b"k")


def forty_milliseconds() -> None:
    """Over TCP to the same machine, a message of 16,385 to about 65,000 bytes takes 40 milliseconds
    longer than a smaller one, or a larger one. Such a message is sent in two parts, its length and
    its data.

    Use a path as the address: over a Unix socket, there is no such delay. Or, with a Listener and a
    Client of your own, switch the waiting off at both ends of the connection:
    """
    if sys.platform != "linux" or get_start_method() != "fork":
        return
    delayed, port = (16_385, 20_000, 65_000), ("127.0.0.1", 0)
    over_tcp = _answers(port)
    assert all(median(over_tcp[size]) > 0.035 for size in delayed), over_tcp
    assert all(min(over_tcp[size]) < 0.035 for size in (16_384, 100_000)), over_tcp
    for quick in (_answers(None), _answers(port, at_once=True)):
        assert all(min(seconds) < 0.035 for seconds in quick.values()), quick
    parts = []
    receiver, sender = Pipe(duplex=False)
    sender._send = lambda data: parts.append(len(data))  # type: ignore[attr-defined]
    for size in (16_384, 16_385):
        sender.send_bytes(bytes(size))
    assert parts == [16_388, 4, 16_385]
    receiver.close()
    sender.close()


def no_setting() -> None:
    """The proxies of a manager have no such setting. Send an item of that size in parts of at most
    16,000 bytes, and do not put small items together into a message of that size.
    """
    if sys.platform != "linux" or get_start_method() != "fork":
        return
    with _serving() as (_, address):
        points = _connected(address).points()
        points.copy()  # opens the connection
        assert median(_times(lambda: points.update(a=bytes(25_000)))) > 0.035
        for size in 16_000, 5_000:
            assert min(_times(lambda size=size: points.update(a=bytes(size)))) < 0.035  # type: ignore[misc]


def each_connection() -> None:
    """On Linux, over TCP, each new connection to a manager takes 40 milliseconds. A call such as
    `client.points()` opens three, the first use of its proxy can open one more, and the end of the
    proxy another one. So call `client.points()` once, and keep the proxy: its further calls use the
    connection that is there.
    """
    opened: list[object] = []

    def connect(*args: Any, **others: Any) -> Any:
        opened.append(args)
        return Client(*args, **others)

    pickled = managers.listener_client["pickle"]  # type: ignore[attr-defined]
    managers.listener_client["pickle"] = (Listener, connect)  # type: ignore[attr-defined]
    try:
        with _serving() as (_, address):
            client = _connected(address)
            points = client.points()
            assert len(opened) == 1 + 3
            for _ in range(2):
                points.copy()
                assert len(opened) == 1 + 3 + 1
            del points
            assert len(opened) == 1 + 3 + 1 + 1
    finally:
        managers.listener_client["pickle"] = pickled  # type: ignore[attr-defined]
    if sys.platform == "linux" and get_start_method() == "fork":
        with _serving() as (_, address):
            client = _connected(address)
            assert median(_times(client.connect)) > 0.035
            points = client.points()
            points.copy()
            assert min(_times(points.copy)) < 0.035
        with tempfile.TemporaryDirectory() as folder, _serving(f"{folder}/shop") as (_, address):
            assert min(_times(_connected(address).connect)) < 0.035
