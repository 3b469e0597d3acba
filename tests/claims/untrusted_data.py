"""What docs/pitfalls/untrusted-data.md says."""

import hmac
import json
import os
import pickle
import socket
import stat
import sys
import tempfile
import threading
from collections.abc import Callable
from multiprocessing import (
    AuthenticationError,
    Pipe,
    Pool,
    Process,
    Queue,
    SimpleQueue,
    current_process,
    get_start_method,
)
from multiprocessing.connection import Client, Listener
from multiprocessing.managers import SyncManager
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from typing import Any

from tests.claims import TIME_LIMIT, changed, no_fact, on, raises, script, shown

KEY = b"spring"
THEN = '_bytes(json.dumps({"room": "attic"}).encode())'
SECRETS = """
import os
import sys
from multiprocessing import Process

secrets = {"module level": 1}

def tell():
    print("by main" in secrets, "module level" in secrets, os.environ.get("SECRET"), sys.argv[1:])

if __name__ == "__main__":
    secrets["by main"] = 1
    os.environ["SECRET"] = "word"
    sys.argv.append("typed")
    for _ in range(2):
        child = Process(target=tell)
        child.start()
        child.join()
        os.environ.pop("SECRET", None)
"""
LATER = """
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool

secrets = []

def have(_):
    return len(secrets)

if __name__ == "__main__":
    with Pool(1, maxtasksperchild=1) as pool:
        secrets.append("word")
        print(pool.map(have, range(2), 1))
    secrets.clear()
    with ProcessPoolExecutor(1) as executor:
        secrets.append("word")
        print(*executor.map(have, [0]))
"""


class _Code:
    """Calls `os.getpid()` where it is unpickled."""

    def __reduce__(self) -> tuple[Callable[[], int], tuple[()]]:
        return os.getpid, ()


class _Makes:
    """Makes a folder where it is unpickled."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return os.mkdir, (self.path,)


def _get(items: "Queue[Any]", answers: "SimpleQueue[bool]") -> None:
    answers.put(items.get() == os.getpid())


def _is_own(number: object) -> bool:
    return number == os.getpid()


def _tell_key(answers: "SimpleQueue[bytes]") -> None:
    answers.put(bytes(current_process().authkey))


def _mode(path: "str | Path") -> str:
    return oct(stat.S_IMODE(Path(path).stat().st_mode))


def _handshake(answer: Callable[[bytes], bytes]) -> tuple[bytes, bytes]:
    """The message that a `Listener` sends, and what it replies to the answer."""
    with Listener(("127.0.0.1", 0), authkey=KEY) as listener:

        def accept() -> None:
            with raises(AuthenticationError, EOFError, OSError):
                listener.accept()

        thread = threading.Thread(target=accept)
        thread.start()
        address: Any = listener.address
        with socket.create_connection(address) as client:
            client.settimeout(TIME_LIMIT)
            challenge = _received(client)
            digest = answer(challenge.removeprefix(b"#CHALLENGE#"))
            client.sendall(len(digest).to_bytes(4, "big") + digest)
            reply = _received(client)
        thread.join()
    return challenge, reply


def _received(client: socket.socket) -> bytes:
    with client.makefile("rb", buffering=0) as file:
        return file.read(int.from_bytes(file.read(4), "big"))


def only_whom_you_trust() -> None:
    """Receive items only from programs that you trust as much as your own: to unpickle an item is
    to run code that its sender has chosen. If you cannot trust the other side, send bytes in a
    format that holds no code, such as JSON.

    Silent. No error is reported. The code runs as your program, with all that it may do.

    That is so in both directions: a server unpickles the arguments of its clients, and a client
    unpickles the answers of its server.

    The class stands for an attack. Its pickle calls `os.getpid()`, which is harmless and shows
    where it was called:
    """
    shown("untrusted-data/manager_runs_code", "return os.getpid, ()", 'ran_in["from the client"]')
    shown("untrusted-data/manager_runs_code", "Output\nIn the server: True\nIn the client: True")
    shown("untrusted-data/recv_runs_code", "Output\nIn the server: True\nIn the client: True")
    shown("untrusted-data/json_runs_none", "Output\nRefused\nReceived: {'room': 'attic'}")
    assert pickle.loads(pickle.dumps(_Code())) == os.getpid()


def the_same_program() -> None:
    """Between a parent and its children this does no harm, because they run the same program.

    Do so on both sides, because each `recv()` unpickles. Do not give an untrusted program a
    manager: its calls are pickled.

    Between machines, use an SSH tunnel or a VPN, and let the server listen on `127.0.0.1`.

    Do not receive anything before that:

    If many clients connect at once, pass a larger `backlog` to the `Listener`.
    """
    no_fact("advice")


def queues_and_pools() -> None:
    """`multiprocessing` pickles what goes through a queue, a pipe, a `Listener` or a manager.

    The same happens in the `get()` of a queue, and with the arguments of a task in a pool."""
    shown("untrusted-data/manager_runs_code", "In the server: True")
    shown("untrusted-data/recv_runs_code", "listener.accept()", "In the server: True")
    one, other = Pipe()
    one.send(_Code())
    assert other.recv() == os.getpid()
    one.close()
    other.close()
    items: Queue[Any] = Queue()
    answers: SimpleQueue[bool] = SimpleQueue()
    child = Process(target=_get, args=(items, answers))
    child.start()
    items.put(_Code())
    assert answers.get()
    child.join()
    with Pool(1) as pool:
        assert pool.apply(_is_own, (_Code(),))


def bytes_only() -> None:
    """`send_bytes()` and `recv_bytes()` do not pickle. Here the first item is the pickle of the
    attack. The server receives it as bytes, which are not JSON:
    """
    shown("untrusted-data/json_runs_none", "server.send(RunsCode())", "data = client.recv_bytes(")
    shown("untrusted-data/json_runs_none", "except (ValueError,", "Output\nRefused")
    one, other = Pipe()
    one.send_bytes(b"no pickle")
    assert other.recv_bytes() == b"no pickle"
    one.close()
    other.close()


def _told(*lines: str) -> str:
    """What the server of the program prints if the client does something else."""
    sends, then = (f"        server.send{text}\n" for text in ("(RunsCode())", THEN))
    code = "".join(f"        {line}\n" for line in lines)
    outcome = script(changed("untrusted-data/json_runs_none", (sends, code), (then, "")))
    assert outcome.status == 0, outcome
    return outcome.stdout


def what_ends_it() -> None:
    """Without `maxlength`, one long message fills the memory. JSON with very many brackets raises
    `RecursionError`. A message that is too long raises `OSError`, and a client that leaves,
    `EOFError`: both end this connection only.
    """
    shown("untrusted-data/json_runs_none", "suppress(EOFError, OSError)", "maxlength=65536")
    with raises(RecursionError):
        json.loads(b"[" * 10**7)
    assert _told("server.send_bytes(b'[' * 65536)", "server.send_bytes(b'1')") == (
        "Refused\nReceived: 1\n"
    )
    assert _told("pass") == ""
    header = "(-1).to_bytes(4, signed=True) + (2**45).to_bytes(8)"
    longer = "server.send_bytes(b'1'.rjust(65537))", f"os.write(server.fileno(), {header})"
    for too_long in longer if sys.platform != "win32" else longer[:1]:
        assert _told("server.send_bytes(b'1')", too_long) == "Received: 1\n"


def in_between() -> None:
    """does not encrypt or sign what follows | the connection is a plain socket: a program in
    between that passes the proofs on can read what is sent, and send items that run code
    """
    with tempfile.TemporaryDirectory() as name, Listener(("127.0.0.1", 0), authkey=KEY) as server:
        places = [Path(name, side) for side in ("server", "client")]
        read = []
        with Listener(("127.0.0.1", 0)) as listener:  # of the program in between

            def pass_on() -> None:
                address: Any = server.address
                with listener.accept() as client, Client(address) as behind:
                    for is_of_client in (False, True, False, True, False, True):
                        one, other = (client, behind) if is_of_client else (behind, client)
                        other.send_bytes(one.recv_bytes())
                    read.append(pickle.loads(client.recv_bytes()))
                    for side, path in zip((behind, client), places, strict=True):
                        side.send(_Makes(str(path)))

            def connect() -> None:
                address: Any = listener.address
                with Client(address, authkey=KEY) as client:
                    client.send("Hello")
                    client.recv()

            threads = [threading.Thread(target=target) for target in (pass_on, connect)]
            for thread in threads:
                thread.start()
            with server.accept() as accepted:
                accepted.recv()
            for thread in threads:
                thread.join()
        assert read == ["Hello"]
        assert all(place.exists() for place in places)


def it_keeps_out() -> None:
    """keeps out a program that connects without it | both sides prove that they have the key,
    before the first item is unpickled
    """
    shown("wrong-authkey/client_key", "AuthenticationError: digest sent was rejected")
    with tempfile.TemporaryDirectory() as name:
        made = Path(name, "made")
        attack = pickle.dumps(_Makes(str(made)))
        _, reply = _handshake(lambda _: attack)
        assert reply == b"#FAILURE#"
        with Listener(("127.0.0.1", 0)) as listener:  # a server that does not have the key

            def serve() -> None:
                with listener.accept() as client:
                    client.send(_Makes(str(made)))

            thread = threading.Thread(target=serve)
            thread.start()
            address: Any = listener.address
            with raises(AuthenticationError, AssertionError):  # the latter in Python 3.11
                Client(address, authkey=KEY)
            thread.join()
        assert not made.exists()
        pickle.loads(attack)
        assert made.exists()


def the_digest() -> None:
    """does not go through the connection | each side sends a digest of the key and of a random
    message: HMAC with SHA-256 in Python 3.12 and later, with MD5 before, and with an older program
    """
    challenge, reply = _handshake(lambda message: hmac.new(KEY, message, "md5").digest())
    assert reply == b"#WELCOME#"
    assert challenge.startswith(b"#CHALLENGE#{sha256}") == on("Python 3.12.0 and later")
    if on("Python 3.12.0 and later"):
        _, reply = _handshake(
            lambda message: b"{sha256}" + hmac.new(KEY, message, "sha256").digest()
        )
        assert reply == b"#WELCOME#"


def who_has_it() -> None:
    """does not protect from a program that has it | such a program can run code on the other side

    is not used by `Listener` and `Client` without `authkey` | every program that reaches the
    address gets in
    """
    shown("untrusted-data/recv_runs_code", "Client(address, authkey=key)", "In the server: True")
    with Listener(("127.0.0.1", 0)) as listener:
        address: Any = listener.address
        with socket.create_connection(address) as client, listener.accept() as connection:
            item = pickle.dumps("Hello")
            client.sendall(len(item).to_bytes(4, "big") + item)
            assert connection.recv() == "Hello"


def children_have_it() -> None:
    """Every child has the key of its parent, in `current_process().authkey`."""
    answers: SimpleQueue[bytes] = SimpleQueue()
    child = Process(target=_tell_key, args=(answers,))
    child.start()
    assert answers.get() == bytes(current_process().authkey)
    child.join()


def a_silent_client() -> None:
    """`accept()` of a `Listener` with an `authkey` returns when the client has proved its key. Here
    a client connects and sends nothing, and the next one waits behind it:

    A silent client then keeps one thread and one of the open files that are allowed, until it
    leaves.
    """
    shown("untrusted-data/silent_client", "still running after 5 s\nWaiting for a client\n")
    shown("untrusted-data/checked_in_threads", "Hello\nA client without the key has left")


def in_threads() -> None:
    """The fix makes the `Listener` without a key, so that `accept()` returns at once."""
    shown("untrusted-data/checked_in_threads", 'Listener(("127.0.0.1", 0)) as listener', "Hello")


def permissions() -> None:
    """a `SharedMemory` block, in `/dev/shm` | `0600` without the bits of the umask | your own
    programs, which need only its name

    a socket of a manager or `Listener` without an address | in a new folder with `0700` | your own
    programs

    a socket at a path that you choose | `0777` without the bits of the umask, often `0755` | who
    may write to it: with `0755`, your own programs

    a file that you open to write, as for `mmap` | `0666` without the bits of the umask, often
    `0644` | everybody may read it

    To keep other users out, put the file or the socket into a folder of your own, as
    `tempfile.mkdtemp()` makes it, or call `os.umask(0o077)` first.
    """
    if sys.platform != "linux":
        return
    before = os.umask(0)
    try:
        for umask, of_socket, of_file in [
            (0, "0o777", "0o666"),
            (0o022, "0o755", "0o644"),
            (0o077, "0o700", "0o600"),
        ]:
            os.umask(umask)
            block = SharedMemory(create=True, size=1)
            opened = Path(f"/proc/self/fd/{block._fd}")  # type: ignore[attr-defined]
            assert opened.readlink().parent == Path("/dev/shm")
            assert _mode(opened) == "0o600"
            other = SharedMemory(block.name)
            other.close()
            block.close()
            block.unlink()
            folder = tempfile.mkdtemp()
            assert _mode(folder) == "0o700"
            path = Path(folder, "file")
            path.write_bytes(b"")
            assert _mode(path) == of_file
            path.unlink()
            with Listener(str(path)):
                assert _mode(path) == of_socket
            os.rmdir(folder)
            with Listener(None, "AF_UNIX") as listener:
                assert _mode(Path(str(listener.address)).parent) == "0o700"
            with SyncManager() as manager:
                assert _mode(Path(str(manager.address)).parent) == "0o700"
        os.umask(0o200)
        block = SharedMemory(create=True, size=1)
        assert _mode(f"/proc/self/fd/{block._fd}") == "0o400"  # type: ignore[attr-defined]
        block.close()
        block.unlink()
    finally:
        os.umask(before)


def where_it_is_made() -> None:
    """The umask counts where the file is made."""
    shown("inherited/set_late", "umask: arrives", "umask: lost")


def a_child() -> None:
    """Under `fork`, a child has a copy of everything that the parent has in memory, also passwords
    and keys that it does not need. It has its open connections and its listening sockets, too.

    Under `forkserver` and `spawn`, a child has what you pass to it, `sys.argv`, and what your
    program makes at module level.

    Under every start method, a child has the environment variables; under `forkserver`, as they
    were when the first child was started, also those that you have deleted since.
    """
    shown("inherited/port_taken", "Output\nOSError: Address already in use")
    outcome = script(SECRETS)
    second = "word" if get_start_method() == "forkserver" else None
    by_main = get_start_method() == "fork"
    told = "".join(f"{by_main} True {word} ['typed']\n" for word in ("word", second))
    assert outcome.stdout == told, outcome


def a_later_child() -> None:
    """Read a secret only in the process that needs it, and under `fork`, after the last child was
    started. A `Pool` replaces workers, and an executor starts its workers at the first task, so use
    `forkserver` or `spawn` with these.
    """
    told = "[0, 1]\n1\n" if get_start_method() == "fork" else "[0, 0]\n0\n"
    assert script(LATER).stdout == told
