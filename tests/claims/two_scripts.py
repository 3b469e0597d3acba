"""What docs/examples/two-scripts.md says."""

import os
import socket
import stat
import subprocess
import sys
from functools import partial
from multiprocessing import AuthenticationError, Lock, Pipe, Process, Queue, Value
from multiprocessing.connection import Client, Connection, Listener
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from pickle import PicklingError
from runpy import run_path
from struct import pack_into, unpack_from
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from tests.claims import ROOT, SURE, changed, no_fact, raises, script, shown
from tests.claims._sockets import tried
from tests.claims._until import is_in, until

KEY = b"a secret of the checks"
KEY_FILE = ROOT / "examples" / "two-scripts" / "key_file.py"
NOT_CLOSED = """
import os
from multiprocessing.connection import Listener

listener = Listener({address!r})
print(os.path.exists({address!r}))
"""


class _Accepting(Thread):
    """Accepts one client; keeps the connection, or the error."""

    def __init__(self, listener: Listener) -> None:
        super().__init__()
        self._listener = listener
        self.connection: Connection | None = None
        self.error: Exception | None = None
        self.start()

    def run(self) -> None:
        """As a thread does."""
        try:
            self.connection = self._listener.accept()
        except Exception as error:
            self.error = error

    def result(self) -> Connection:
        """The connection. Raises what `accept()` raised."""
        self.join()
        error, self.error = self.error, None
        try:
            if error:
                raise error
        finally:
            del error  # which would keep its own traceback
        assert self.connection
        return self.connection


def _connected(listener: Listener) -> tuple[Connection, Connection]:
    """The end of a server, and that of its client."""
    accepting = _Accepting(listener)
    client = Client(listener.address, authkey=KEY)
    return accepting.result(), client


def _says_nothing(listener: Listener) -> socket.socket:
    """A client that connects, and does not answer."""
    client = socket.socket(socket.AF_UNIX)
    client.connect(listener.address)
    return client


def _listen(address: str, to_parent: Connection, end: Connection) -> None:
    with Listener(address):
        to_parent.send("listening")
        end.recv()


def _bytes(block: SharedMemory) -> memoryview:
    assert block.buf is not None
    return block.buf


def _port_of_nobody() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port: int = unused.getsockname()[1]
        return port


def two_running_programs() -> None:
    """Open a `Listener` at an address in one script, and connect to that address with a `Client`
    in the other: then the two running programs can send objects to each other.

    Start the server in one terminal:
    """
    shown("two-scripts/server", "Listener(ADDRESS", "client.send(READINGS.get(room))")
    shown("two-scripts/client", "Client(ADDRESS", "server.send(room)")
    shown("two-scripts/both", "client.py: attic 25.5\nclient.py: cellar 12.0")


def the_client_alone() -> None:
    """The server waits. Start the client in another terminal. If no server is running, as here,
    the client ends with an error at once:
    """
    shown("two-scripts/server", "still running after 5 s\nWaiting for a client")
    shown("two-scripts/client", "exit status 1", "FileNotFoundError")


def the_key_in_the_scripts() -> None:
    """The key is written in both scripts so that you can run them as they are."""
    shown("two-scripts/server", 'KEY = b"a secret of your own"')
    shown("two-scripts/client", 'KEY = b"a secret of your own"')


def read_it_from_a_file() -> None:
    """In a program that you keep, read the key from a file."""
    no_fact("advice")


def a_third_script() -> None:
    """A third script starts the server and the client for you, and also the two pairs of scripts
    further down. It prints what each script printed.
    """
    shown("two-scripts/both", '("server.py", "client.py")', "server.py: The client has left")
    shown("two-scripts/both", "memory_reader.py: (", "manager_client.py: Found")


def questions_and_answers() -> None:
    """`Listener` and `Client` | questions and answers, messages"""
    shown("two-scripts/client", "server.send(room)", "server.recv()")
    shown("two-scripts/both", "client.py: attic 25.5")


def numbers() -> None:
    """shared memory by name | many numbers, or numbers that change often, on one machine"""
    shown("two-scripts/memory_writer", 'SharedMemory("readings", create=True')
    shown("two-scripts/both", "memory_reader.py: (25.5, 12.0)")


def a_dict_that_several_change() -> None:
    """a remote manager | a dict or another object that several scripts change"""
    shown("two-scripts/both", "manager_client.py: Found: {'attic': 25.5}\n")
    shown("two-scripts/both", "manager_server.py: At the end: {'attic': 25.5, 'cellar': 12.0}")


def what_remains() -> None:
    """a file or SQLite | data that must remain after both scripts have ended"""
    shown("sqlite-and-files/counter", "seller.join()\n        with connect(path)", "sellers: 30")


def what_cannot_be_sent() -> None:
    """A `Queue`, a `Value` or a `Lock` of `multiprocessing` cannot be sent to a process that was
    started separately: `send()` raises `RuntimeError`. They can only be passed from a parent to
    its child.
    """
    with Listener(authkey=KEY) as listener:
        server, client = _connected(listener)
        unsendable: list[Any] = [Queue(), Value("i"), Value("i", lock=False), Lock()]
        for one in unsendable:
            with raises(RuntimeError, text="inherit"):
                client.send(one)
        server.close()
        client.close()
    shown("queue/smallest", "Process(target=")


def listener_and_client() -> None:
    """`Listener(address=None, family=None, backlog=1, authkey=None)` | listens at the address, or
    at a free one

    `Client(address, family=None, authkey=None)` | connects to the address, and returns a
    connection

    `accept()` | waits for a client, and returns a connection to it

    `address` | where it listens
    """
    with TemporaryDirectory(dir=".") as folder, Listener() as free, Listener() as another:
        assert free.address != another.address
        with Listener(address := str(Path(folder, "here")), authkey=KEY) as listener:
            assert listener.address == address
            accepting = _Accepting(listener)
            accepting.join(SURE)
            assert accepting.is_alive()
            client = Client(address, authkey=KEY)
            server = accepting.result()
            client.send(7)
            assert server.recv() == 7
            assert isinstance(server, Connection)
            assert isinstance(client, Connection)
            server.close()
            client.close()


def close() -> None:
    """`close()` | stops listening; the end of a `with` block calls it, too"""
    closed = Listener()
    addresses = [closed.address]
    closed.close()
    with Listener() as left:
        addresses.append(left.address)
    for address in addresses:
        with raises(FileNotFoundError):
            Client(address)


def closed_while_it_waits() -> None:
    """On Linux, `close()` does not end an `accept()` that already waits in another thread, which
    then still accepts a client over TCP. To end it, connect to the address before `close()`.
    """
    if sys.platform != "linux":
        return
    listener = Listener(("127.0.0.1", 0))
    address = listener.address
    accepting = _Accepting(listener)
    assert until(partial(is_in, accepting, "accept"))
    accepting.join(SURE)
    listener.close()
    accepting.join(SURE)
    assert accepting.is_alive()
    Client(address).close()
    accepting.result().close()
    with Listener() as listener:
        accepting = _Accepting(listener)
        Client(listener.address).close()
        accepting.result().close()


def last_accepted() -> None:
    """`last_accepted` | the address of the last client: host and port, if the listener has a
    port

    Between two machines, use a port: `("", 50000)` for the server, `("server.example.org",
    50000)` for the client.
    """
    with Listener(("", 0)) as listener:
        assert listener.last_accepted is None
        assert listener.address[0] == "0.0.0.0"
        accepting = _Accepting(listener)
        client = Client(("127.0.0.1", listener.address[1]))
        server = accepting.result()
        own = socket.socket(fileno=os.dup(client.fileno()))
        assert listener.last_accepted == own.getsockname()
        for one in (own, client, server):
            one.close()


def where_they_come_from() -> None:
    """Both come from `multiprocessing.connection`."""
    shown("two-scripts/server", "from multiprocessing.connection import Listener")
    shown("two-scripts/client", "from multiprocessing.connection import Client")


def the_same_key() -> None:
    """Both scripts need the same `authkey`. With a wrong one, `Client()` and `accept()` raise
    AuthenticationError.
    """
    with Listener(authkey=KEY) as listener:
        for wrong in (b"another", KEY + b"\n"):
            accepting = _Accepting(listener)
            with raises(AuthenticationError):
                Client(listener.address, authkey=wrong)
            with raises(AuthenticationError):
                accepting.result()


def a_client_that_goes_too_early() -> None:
    """`accept()` also raises an error if a client disconnects before it has proved that it has
    the key, or sends something other than an answer, such as a web browser's request: `EOFError`
    or `OSError`. A server that must keep running has to catch these errors as well as
    `AuthenticationError`.
    """
    assert not issubclass(AuthenticationError, EOFError | OSError)
    with Listener(authkey=KEY) as listener:
        _says_nothing(listener).close()
        with raises(BrokenPipeError):
            listener.accept()
        client = _says_nothing(listener)
        accepting = _Accepting(listener)
        assert client.recv(4096)
        client.close()
        with raises(EOFError):
            accepting.result()
        for sent, message in (
            (b"GET / HTTP/1.1\r\n\r\n", "bad message length"),
            (b"\0\0\0\7half", "got end of file during message"),
        ):
            client = _says_nothing(listener)
            client.sendall(sent)
            client.shutdown(socket.SHUT_WR)
            with raises(OSError, text=message):
                listener.accept()
            client.close()


def a_copy() -> None:
    """`send()` pickles the object, and `recv()` makes a copy of it."""
    with Listener(authkey=KEY) as listener:
        server, client = _connected(listener)
        server.send(sent := ["attic"])
        received = client.recv()
        assert received == sent
        assert received is not sent
        with raises(AttributeError, PicklingError, text="local object"):
            server.send(lambda: 7)
        server.close()
        client.close()


def a_class_of_one_script() -> None:
    """Define a class whose objects are sent in a module that both scripts import. For a class that
    is defined in the other script, `recv()` raises AttributeError.
    """
    with Listener(authkey=KEY) as listener:
        server, client = _connected(listener)
        client.send_bytes(b"c__main__\nReading\n.")  # as the other script pickles it
        with raises(AttributeError, text="Reading"):
            server.recv()
        server.close()
        client.close()


def the_sentinel() -> None:
    """`None` is the sentinel: the client sends it when it has no more questions."""
    shown("two-scripts/client", "server.send(None)")
    shown("two-scripts/server", "is not None:", 'print("The client has left")')
    shown("two-scripts/both", "server.py: The client has left")


def a_client_that_crashes() -> None:
    """If the client crashes instead, `recv()` in the server raises EOFError; on Linux, it raises
    `ConnectionResetError` if the client has not read an answer, and `send()` can raise
    `BrokenPipeError`. If the client crashes while it sends a message, `recv()` raises `EOFError` or
    `OSError`, which includes the last two.
    """
    with Listener(authkey=KEY) as listener:
        server, client = _connected(listener)
        client.close()
        with raises(EOFError):
            server.recv()
        broken = False
        try:  # not `raises`: on 3.12 it keeps the buffer of send() in a cycle; a crash follows
            server.send(25.5)
        except BrokenPipeError:
            broken = True
        assert broken
        server.close()
        if sys.platform == "linux":
            server, client = _connected(listener)
            server.send(25.5)
            client.close()
            with raises(ConnectionResetError):
                server.recv()
            server.close()
        server, client = _connected(listener)
        os.write(client.fileno(), b"\0\0\0\7half")
        client.close()
        with raises(OSError, text="got end of file during message"):
            server.recv()
        server.close()
        server, client = _connected(listener)
        os.write(client.fileno(), b"\0\0\0\7")  # of a long message, the length is sent alone
        client.close()
        with raises(EOFError):
            server.recv()
        server.close()
    assert issubclass(ConnectionResetError, OSError)
    assert issubclass(BrokenPipeError, OSError)
    shown("two-scripts/server", "except (EOFError, OSError) as error:")


def one_client() -> None:
    """This server ends after one client."""
    shown("two-scripts/server", "with listener.accept() as client:\n            try:")
    shown("two-scripts/both", "said, _ = server.communicate", "server.py: The client has left")


def one_that_says_nothing() -> None:
    """While a client that has connected sends nothing, `accept()` does not return, and no other
    client is served.
    """
    with Listener(authkey=KEY, backlog=5) as listener:
        silent = _says_nothing(listener)
        first = _Accepting(listener)
        assert silent.recv(4096)
        other = Thread(target=lambda: Client(listener.address, authkey=KEY).close())
        other.start()
        other.join(SURE)
        assert first.is_alive()
        assert other.is_alive()
        silent.close()
        with raises(EOFError):
            first.result()
        listener.accept().close()
        other.join()


def out_of_the_source() -> None:
    """Do not write the key into a program, where everyone who reads the program sees it. Make a
    long random key once, store it in a file that only you can read, and let both scripts read
    that file.

    Make sure that no server is running, and remove the file.

    Let only one script write, and tell the readers through a `Client` when the data is complete.

    If the scripts do not run at the same time, or if the data must remain after they have ended,
    use a file: files and SQLite between processes.
    """
    no_fact("advice")


def what_stands_for_what() -> None:
    """Here a child process stands for the first script, and a temporary folder for your home
    folder:
    """
    shown("two-scripts/key_file", "Process(target=first_script", "TemporaryDirectory() as folder")


def only_the_owner() -> None:
    """On Linux and macOS, the mode `0o600` lets only the owner, and root, read and write the
    file.
    """
    if sys.platform == "win32":
        return  # there the mode says nothing of others
    make_key = run_path(str(KEY_FILE))["make_key"]
    with TemporaryDirectory(dir=".") as folder:
        make_key(path := Path(folder, "key"))
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert len(key := path.read_bytes()) == 32
        with raises(FileExistsError):
            make_key(path)
        assert path.read_bytes() == key


def of_a_manager() -> None:
    """A manager accepts the same bytes as its `authkey`."""
    shown("two-scripts/manager_server", 'KEY = b"', "House(ADDRESS, KEY)")
    shown("two-scripts/manager_client", 'KEY = b"', "House(ADDRESS, KEY)")


def by_name() -> None:
    """One script creates a block and gives it a name. Another script on the same machine attaches
    to the block by that name, and then both see the same bytes. Nothing is sent.
    """
    shown("two-scripts/memory_writer", 'SharedMemory("readings", create=True', "[25.5, 12.0]")
    shown("two-scripts/memory_reader", 'attach("readings")', "SharedMemory(name")
    shown("two-scripts/both", "memory_reader.py: (25.5, 12.0)")


def until_they_have_attached() -> None:
    """The writer must keep the block until the readers have attached."""
    writer = SharedMemory(create=True, size=8)
    reader = SharedMemory(writer.name)
    _bytes(writer)[0] = 7
    writer.unlink()
    writer.close()
    assert _bytes(reader)[0] == 7
    with raises(FileNotFoundError):
        SharedMemory(reader.name)
    reader.close()


def it_waits_for_enter() -> None:
    """Here it waits until you press Enter. The recorded run had no keyboard, so the writer ended
    at once:
    """
    shown("two-scripts/memory_writer", "sys.stdin.readline()", "Output\nThe block is there")


def no_block() -> None:
    """If no writer is running, the reader finds no block:"""
    shown("two-scripts/memory_reader", "exit status 1", "No such block: start")


def why_attach() -> None:
    """On Linux and macOS, without the lines in `attach`, the resource tracker of the reader would
    remove the block when the reader ends.

    On older versions, `unregister` prevents the removal.
    """
    shown("shared-memory-vanished/tracked_reader", "FileNotFoundError", "leaked shared_memory")
    shown("shared-memory-vanished/any_version", "resource_tracker.unregister(", "Output\n")
    shown("two-scripts/memory_reader", "resource_tracker.unregister(block._name")


def no_lock() -> None:
    """The block has no lock. A reader that looks while the writer is writing can see some new
    numbers and some old ones.
    """
    block = SharedMemory(create=True, size=16)
    reader = SharedMemory(block.name)
    pack_into("d", _bytes(block), 0, 25.5)
    assert unpack_from("2d", _bytes(reader)) == (25.5, 0)  # the second is still to be written
    assert not hasattr(block, "get_lock")
    reader.close()
    block.close()
    block.unlink()


def a_manager() -> None:
    """A manager keeps a dict in a server process. The other script gets a proxy, and calls the
    methods of a dict on it.
    """
    shown(
        "two-scripts/manager_server",
        'readings = {"attic": 25.5}',
        "House(ADDRESS, KEY)",
        "with manager:",
    )
    shown("two-scripts/manager_client", "DictProxy", "manager.readings()", "readings.copy()")
    shown("two-scripts/both", "manager_client.py: Found: {'attic': 25.5}")


def no_manager() -> None:
    """If no server is running, the client cannot connect:"""
    shown("two-scripts/manager_client", "manager.connect()", "exit status 1", "FileNotFoundError")


def the_parameters() -> None:
    """The page Remote manager describes the parameters."""
    shown("remote-manager/smallest", "connect()", "serve_forever()")


def started_first() -> None:
    """The client is started first: `FileNotFoundError`, as above, or `ConnectionRefusedError` if
    the address is a port. Start the server first, and wait for its first line, as `both.py` does.
    """
    shown("two-scripts/client", "FileNotFoundError")
    shown("two-scripts/both", "server.stdout.readline()", "client = run(")
    with raises(ConnectionRefusedError):
        Client(("127.0.0.1", _port_of_nobody()))


def beyond_the_backlog() -> None:
    """On Linux, over TCP, a client that comes while more are waiting can wait forever: if many
    connect at once, pass `backlog=128`.
    """
    if sys.platform != "linux":
        return
    for backlog, at_least, at_most in (1, 1, 3), (128, 30, 30):
        with Listener(("127.0.0.1", 0), backlog=backlog) as listener:
            address: Any = listener.address
            clients = tried(address, 30)
        assert at_least <= clients <= at_most, clients


CLIENT_OF_A_FOLDER = """
from multiprocessing.connection import Client
from tempfile import gettempdir

Client(f"{gettempdir()}/thermometer").close()
"""


def another_folder() -> None:
    """The scripts have different folders for temporary files, for example because `TMPDIR` is set
    for only one of them: `FileNotFoundError`, too. Write the same full path into both.
    """
    for program in "server", "client":
        shown(f"two-scripts/{program}", 'ADDRESS = f"{gettempdir()}/thermometer"')
    if sys.platform == "win32":
        return
    with TemporaryDirectory() as one, TemporaryDirectory() as other, Listener(f"{one}/thermometer"):
        told = [
            subprocess.run(
                [sys.executable, "-c", CLIENT_OF_A_FOLDER],
                env=os.environ | {"TMPDIR": folder}, capture_output=True, text=True, check=False,
            ).stderr
            for folder in (one, other)
        ]  # fmt: skip
    assert "Error" not in told[0]
    assert "FileNotFoundError" in told[1]


ENDED = """
from multiprocessing.connection import Client
from subprocess import PIPE, Popen, run

def visit():
    if len(sys.argv) > 1:
        main()
        return
    server = Popen([sys.executable, __file__, "server"], stdin=PIPE, stdout=PIPE, stderr=PIPE)
    server.stdout.readline()
    {ends}
    server.wait()
    while True:
        try:
            Client(ADDRESS, authkey=KEY).close()
        except (FileNotFoundError, ConnectionRefusedError) as error:
            print(type(error).__name__)
            break
        except (EOFError, OSError):
            pass  # the manager is ending
    second = run([sys.executable, __file__, "server"], stdin=PIPE, capture_output=True, text=True)
    print(second.returncode, "Address already in" in second.stderr, "EOFError" in second.stderr)

if __name__ == "__main__":
    visit()
"""
TERMINATES_ALL = """
    signal.signal(signal.SIGTERM, lambda *_: None)
    os.killpg(0, signal.SIGTERM)
"""
MAIN = '\nif __name__ == "__main__":\n    main()\n'


def the_manager_ends() -> None:
    """If `manager_server.py` is killed, its manager ends, too, but leaves its file behind. On Linux
    and macOS, a second server then ends with `EOFError`, below a traceback with `Address already in
    use`. Remove the file.

    The handler lets a server clean up when it gets SIGTERM: `server.py` removes its file,
    `memory_writer.py` removes its block, and `manager_server.py` ends its manager.

    If all processes get SIGTERM at once, by default from systemd, the manager can end before it has
    removed its file: set `KillMode=mixed`.
    """
    if sys.platform == "win32":
        return
    shown(
        "two-scripts/memory_writer", "signal.signal(", "finally:\n        block.close()", "unlink()"
    )
    for program, name in ("manager_server", "readings"), ("server", "thermometer"):
        for ends, printed in [
            ("server.kill()", "ConnectionRefusedError\n1 True"),
            ("server.terminate()", "FileNotFoundError\n0 False"),
            (TERMINATES_ALL, "ConnectionRefusedError\n1 True"),
        ]:
            if program == "server" and ends != "server.kill()":
                continue  # the second one would wait for a client
            code = changed(
                f"two-scripts/{program}",
                (f'f"{{gettempdir()}}/{name}"', f'"{name}"'),
                (MAIN, ENDED.format(ends=ends)),
            )
            outcome = script(code)
            assert outcome.stdout.startswith(printed), outcome
            is_manager_in_use = program == "manager_server" and "True" in printed
            assert outcome.stdout.endswith(f" {is_manager_in_use}\n")
    terminated = changed(
        "two-scripts/server",
        ('f"{gettempdir()}/thermometer"', '"thermometer"'),
        (
            "        with listener",
            "        signal.raise_signal(signal.SIGTERM)\n        with listener",
        ),
        (MAIN, "\ntry:\n    main()\nfinally:\n    print(os.path.exists(ADDRESS))\n"),
        ("import signal\n", "import os\nimport signal\n"),
    )
    outcome = script(terminated)
    assert (outcome.status, outcome.stderr) == (1, "terminated\n")
    assert outcome.stdout.endswith("\nFalse\n")


WRITER = """
from subprocess import PIPE, Popen

def kill_it():
    if len(sys.argv) > 1:
        main()
        return
    writer = Popen([sys.executable, __file__, "writer"], stdin=PIPE, stdout=PIPE, stderr=PIPE)
    print(writer.stdout.readline().decode(), end="")
    writer.kill()
    writer.communicate()
    while True:
        try:
            SharedMemory({name!r}).close()
        except FileNotFoundError:
            break
    print(writer.returncode)

if __name__ == "__main__":
    kill_it()
"""


def a_server_that_is_killed() -> None:
    """A server that is killed cannot do that: its file stays, and only the block is removed by the
    resource tracker, unless the terminal was closed. Its manager ends with its parent, because of
    the thread. A script that is stopped, or never answers, is waited for: call `poll(timeout)`
    before `recv()`.
    """
    shown("started-twice/leftover", "signal.SIGHUP", "FileExistsError")
    shown("two-scripts/manager_server", "manager.start(watch_parent)", "os._exit(1)")
    if sys.platform != "win32":
        name = f"readings-{os.getpid()}"
        code = changed(
            "two-scripts/memory_writer",
            ('"readings"', repr(name)),
            (MAIN, WRITER.format(name=name)),
        )
        assert script(code).stdout == "The block is there; Enter ends it\n-9\n"
    with Listener(authkey=KEY) as listener:
        server, client = _connected(listener)
        assert not client.poll(0.01)
        server.close()
        client.close()


def _both(fails: str, place: str, fault: str) -> "subprocess.CompletedProcess[str]":
    """Run the third script with a fault in the server or the client, in a folder of its own."""
    with TemporaryDirectory(dir=".") as name:
        folder = Path(name).resolve()
        for program in "both", "server", "client":
            code = changed(f"two-scripts/{program}")
            if program == "both":
                code = changed(
                    "two-scripts/both",
                    ('    ("memory_writer.py", "memory_reader.py"),\n', ""),
                    ('    ("manager_server.py", "manager_client.py"),\n', ""),
                )
            if program == fails:
                code = changed(f"two-scripts/{program}", (place, f"{fault}\n{place}"))
            (folder / f"{program}.py").write_text(code, "utf-8")
        return subprocess.run(
            [sys.executable, "both.py"],
            cwd=folder,
            env={**os.environ, "TMPDIR": str(folder)},
            capture_output=True,
            text=True,
        )


LEFT = """
from multiprocessing.connection import Client
from subprocess import PIPE, Popen

if len(sys.argv) > 1:
    main()
else:
    server = Popen([sys.executable, __file__, "1"], stdout=PIPE, stderr=PIPE, text=True)
    server.stdout.readline()
    Client(ADDRESS, authkey=KEY).close()
    _, told = server.communicate()
    print(told.startswith("The client has died: "), server.returncode)
"""


def one_of_them_fails() -> None:
    """If one of them fails, the other gets an error.

    If one script raises an exception, calls `sys.exit(3)` or is killed while the two are connected,
    `recv()` or `send()` in the other one raises an error. Then the client ends with a traceback,
    and the server with `The client has died`, each with exit status 1.

    If one of them fails, it ends the other one, and ends with exit status 1:
    """
    if sys.platform == "win32":
        return
    address = 'f"{gettempdir()}/thermometer"', '"thermometer"'
    assert script(changed("two-scripts/server", address, (MAIN, LEFT))).stdout == "True 1\n"
    kill = "import os; os.kill(os.getpid(), 9)"
    for fault, code, told in [
        ("raise ValueError('no attic')", 1, "no attic"),  # two tracebacks can be mixed
        ("sys.exit(3)", 3, ""),
        (kill, -9, ""),
    ]:
        outcome = _both("client", "            print(room", f"            {fault}")
        assert outcome.returncode == 1
        assert told in outcome.stderr and f"client.py: {code}\n" in outcome.stderr
        assert "The client has died: " in outcome.stderr
        outcome = _both("server", "                    client.send", f"                    {fault}")
        assert outcome.returncode == 1
        assert "Traceback" in outcome.stderr and "client.py: 1\n" in outcome.stderr
        assert told in outcome.stderr
        outcome = _both("server", "    with Listener", f"    {fault}")  # before it listens
        assert outcome.returncode == 1
        assert told in outcome.stderr and "client.py: 1\n" in outcome.stderr


def the_child_fails() -> None:
    """If the child fails, `recv()` raises an error, and the program names the child and its exit
    code, and ends with exit status 1. If the program itself is killed before it has connected, the
    child waits in `accept()`, as every server without a client does.
    """
    shown("two-scripts/server", "still running after 5 s\nWaiting for a client")
    for place in "        tell.send(", "            client.send(":
        indent = place[: len(place) - len(place.lstrip())]
        outcome = script(changed("two-scripts/key_file", (place, f"{indent}sys.exit(3)\n{place}")))
        assert (outcome.status, outcome.stdout) == (1, "")
        assert outcome.stderr == "Process-1: exit code 3\n"


def killed() -> None:
    """If `server.py` is killed, it leaves its file behind on Unix. Until the next server starts, a
    client then gets `ConnectionRefusedError`.

    A program with a `Listener` that is killed leaves the file, and the next `Listener` raises
    `OSError: Address already in use`.
    """
    receiver, sender = Pipe(duplex=False)
    end, to_end = Pipe(duplex=False)
    with TemporaryDirectory(dir=".") as folder:
        address = str(Path(folder, "thermometer"))
        server = Process(target=_listen, args=(address, sender, end), daemon=True)
        server.start()
        assert receiver.recv() == "listening"
        server.kill()
        server.join()
        assert os.path.exists(address)
        with raises(ConnectionRefusedError):
            Client(address)
        with raises(OSError, text="Address already in use"):
            Listener(address)
    for one in (receiver, sender, end, to_end):
        one.close()


def different_keys() -> None:
    """The keys differ: AuthenticationError."""
    shown("wrong-authkey/other_side", 'b"autumn"', "Client: digest sent was rejected")


def a_second_writer() -> None:
    """The writer of a block is started a second time while the first one is running, or after its
    terminal was closed: `FileExistsError`.
    """
    block = SharedMemory(create=True, size=8)
    with raises(FileExistsError):
        SharedMemory(block.name, create=True, size=8)
    block.close()
    block.unlink()
    shown("two-scripts/memory_writer", 'SharedMemory("readings", create=True')
    shown("started-twice/leftover", "signal.SIGHUP", "FileExistsError")


def both_write() -> None:
    """Two scripts write at the same time: updates can be lost."""
    block = SharedMemory(create=True, size=8)
    other = SharedMemory(block.name)
    seen_by_one, seen_by_other = _bytes(block)[0], _bytes(other)[0]
    _bytes(block)[0] = seen_by_one + 1
    _bytes(other)[0] = seen_by_other + 1
    assert _bytes(block)[0] == 1
    other.close()
    block.close()
    block.unlink()


def it_removes_its_file() -> None:
    """A `Listener` removes its file when it is closed, and at the latest when its program ends
    normally.
    """
    with TemporaryDirectory(dir=".") as folder:
        address = str(Path(folder, "thermometer").resolve())
        with Listener(address):
            assert os.path.exists(address)
        assert not os.path.exists(address)
        assert script(NOT_CLOSED.format(address=address)).stdout == "True\n"
        assert not os.path.exists(address)


def a_closed_socket() -> None:
    """In this program, a socket that has been closed stands for the killed server."""
    shown("two-scripts/address_taken", "with socket.socket(socket.AF_UNIX) as killed_server:")


def no_such_block() -> None:
    """The writer has not created the block yet, it has ended, or it uses another name."""
    shown(
        "two-scripts/memory_reader", "exit status 1", "No such block: start memory_writer.py first"
    )
    shown("two-scripts/memory_writer", "unlink()")
