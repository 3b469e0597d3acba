"""What docs/examples/hand-over.md says."""

import os
import pickle
import socket
import sys
import tempfile
from multiprocessing import Pipe, Process, Queue, SimpleQueue, get_start_method
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from tests.claims import TIME_LIMIT, changed, no_fact, raises, script, shown

if TYPE_CHECKING:
    from examples._runner import Outcome

GUARD = '\n\nif __name__ == "__main__":\n    main()\n'
EVERYWHERE = """
import socket
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool, Process


def greet(connection):
    connection.sendall(b"hello")


def main():
    here, there = socket.socketpair()
    with here, there:
        worker = Process(target=greet, args=(there,))
        worker.start()
        print(here.recv(9))
        worker.join()
        with Pool(1) as pool:
            pool.apply(greet, (there,))
        print(here.recv(9))
        with ProcessPoolExecutor(1) as executor:
            executor.submit(greet, there).result()
        print(here.recv(9))
"""
SIGNAL = "import os\nimport signal"
KILLED = f"""
from pathlib import Path
from time import monotonic, sleep

def note():
    Path(f"ended-{{os.getpid()}}").touch()

def ended():
    return len(list(Path().glob("ended-*")))

def server():
    workers = []
    for _ in range(2):
        workers.append(Worker(workers))
    client, accepted = socket.socketpair()
    workers[0].end.send(accepted)
    accepted.close()
    client.sendall(b"apple")
    client.recv(32)
    os.kill(os.getpid(), signal.SIGKILL)

def main():
    killed = Process(target=server)
    killed.start()
    killed.join()
    deadline = monotonic() + {TIME_LIMIT / 2}
    while ended() < 2 and monotonic() < deadline:
        sleep(0.01)
    print(killed.exitcode, ended(), len(list(Path().glob("pymp-*/*"))) > 0)
"""
SENDER_KILLED = """
import os
import signal
import socket
from multiprocessing import Process, SimpleQueue


def send(queue):
    here, there = socket.socketpair()
    queue.put(here)
    os.kill(os.getpid(), signal.SIGKILL)


def main():
    queue = SimpleQueue()
    sender = Process(target=send, args=(queue,))
    sender.start()
    sender.join()
    try:
        queue.get()
    except OSError as error:
        print(type(error).__name__)
"""


def _through_a_pipe(what: Any) -> Any:
    """What `recv()` returns after `send`: here both ends are in one process."""
    here, there = Pipe()
    with here, there:
        here.send(what)
        return there.recv()


def _stop_sharing() -> None:
    """End the thread that sends copies, since other checks fork; close what nobody took."""
    from multiprocessing import resource_sharer

    resource_sharer.stop(TIME_LIMIT)


def _server(*changes: tuple[str, str]) -> "Outcome":
    """What the server does if something in it, or in its workers, is different."""
    worker, _, _ = changed("hand-over/one_worker").partition("def main")
    code = worker + changed("hand-over/server", ("from one_worker import Worker\n", ""))
    for old, new in changes:
        assert old in code
        code = code.replace(old, new)
    return script(code)


def sent_as_it_is() -> None:
    """Send a socket to a worker as it is, through a pipe: the worker gets a socket of the same
    connection.

    An open file raises `TypeError`, so send its path, or, if it has none, its descriptor.

    A `Queue`, a `SimpleQueue`, the arguments of a `Process`, and the tasks of a `Pool` or an
    executor do the same; `pickle.dumps` raises `TypeError`.
    """
    shown("hand-over/one_worker", "worker.end.send(accepted)", "with jobs.recv() as client")
    if sys.platform == "win32":
        return
    with open(__file__) as file, raises(TypeError):
        _through_a_pipe(file)
    here, there = socket.socketpair()
    with here, there:
        with raises(TypeError):
            pickle.dumps(there)
        queue: Any = Queue()
        simple: Any = SimpleQueue()
        for each in queue, simple:
            each.put(there)
            with each.get() as received:
                received.sendall(b"hello")
            assert here.recv(9) == b"hello"
        queue.close()
        queue.join_thread()
    _stop_sharing()
    assert script(EVERYWHERE + GUARD).stdout == "b'hello'\n" * 3


def the_sender_must_run() -> None:
    """The sender must still run when the worker takes a socket out of the pipe, unless you send it
    with `send_fds`.

    A socket that has not been taken is lost with its sender. `recv()` or `get()` then raises
    `FileNotFoundError`, or, if the sender was killed, `ConnectionRefusedError`.
    """
    shown("hand-over/sender_ended", "receiver.recv()\n        except FileNotFoundError:")
    shown("hand-over/sender_ended", "send: lost with its sender\nsend_fds: shop True")
    if sys.platform == "linux":
        assert script(SENDER_KILLED + GUARD).stdout == "ConnectionRefusedError\n"


def advice() -> None:
    """If the workers can accept clients themselves, you need none of this: pass the listening
    socket to all of them at their start.

    `sha256` stands for work that is worth a process.

    Call `settimeout` in the worker first, as above, and do not read in the parent any more.

    So close the parent's copy when you have sent it. If a worker has ended, end the parent, too.

    Send the path of a file, and open it in the worker. A temporary file without a name has no
    path.

    Send its descriptor, in a `DupFd`:

    Send the next one when the first has been answered.

    a connection to a database | connect in the worker
    """
    no_fact("advice")


def a_worker() -> None:
    """The worker sets a timeout, so that a client that sends nothing keeps it for ten seconds at
    most. `suppress(OSError)` is for such a client, and for one that has closed its connection.

    The worker sends `done` after each client. So the parent knows when it is free, and notices
    when it has ended: `recv()` then raises `EOFError`.
    """
    shown("hand-over/one_worker", "suppress(OSError):\n                client.settimeout(10)")
    shown("hand-over/one_worker", 'jobs.send("done")', "except (EOFError, OSError):")
    assert issubclass(TimeoutError, OSError) and issubclass(BrokenPipeError, OSError)


def several_workers() -> None:
    """Keep a list of the free workers, accept a client only if a worker is free, and start all
    workers before the first `send`, which starts a thread: a fork with threads can hang. This
    program imports the one above, from the same folder, and plays four clients:
    """
    shown("hand-over/server", "[*ends, listening] if free else ends", "free.append(worker)")
    shown("hand-over/server", "from one_worker import Worker", 'b"plum"')


def a_worker_ends() -> None:
    """If a worker ends, the server below says so and ends.

    If a worker ends, also one that is free, the server names its exit code, kills the others
    and ends with exit status 1.

    What a dead worker has read from a client is gone. So the server does not give the client to
    another worker.
    """
    shown("hand-over/server", "a worker is killed            status 1, told")
    shown("hand-over/server", "ends = [worker.end for worker in workers]")
    shown("hand-over/server", "finally:\n        for worker in workers:\n")


def it_is_ended() -> None:
    """At Ctrl-C and SIGTERM, the `finally` kills all workers, also those that are stopped. The
    workers ignore Ctrl-C.
    """
    shown("hand-over/one_worker", "signal.signal(signal.SIGINT, signal.SIG_IGN)")
    if sys.platform == "win32":
        return
    stopped = (
        "            while left or",
        "            os.kill(workers[0].process.pid, signal.SIGSTOP)\n            {}\n"
        "            while left or",
    )
    for name, status, told in ("SIGTERM", 1, "terminated\n"), ("SIGINT", -2, "Interrupt\n"):
        ends = f"signal.raise_signal(signal.{name})"
        outcome = _server((stopped[0], stopped[1].format(ends)), ("import signal", SIGNAL))
        assert (outcome.status, outcome.stdout) == (status, "")
        assert outcome.stderr.endswith(told)


def the_server_is_killed() -> None:
    """The worker closes its copies of the parent's ends. So its own `recv()` raises `EOFError`
    when the parent has ended, even if it was killed.

    If the server is killed, each worker ends when it has served its client. A folder `pymp-...`
    with the socket of the thread stays in the temporary directory.
    """
    if sys.platform != "linux":
        return
    done = '            jobs.send("done")\n'
    code, _, _ = changed(
        "hand-over/one_worker", ("import signal", SIGNAL), (done, done + "    note()\n")
    ).partition("def main")
    assert script(code + KILLED + GUARD).stdout == "-9 2 True\n"


def a_stopped_worker() -> None:
    """A worker that is stopped or stuck keeps its client waiting, and the others go on. If none is
    left, new clients wait, too: give the work a time limit.
    """
    shown("hand-over/server", "[*ends, listening] if free else ends", "free.pop().end.send(")


def who_closes() -> None:
    """Each process has a copy, and the connection ends when all of them are closed.

    the worker closes its copy, the parent does not | nothing: it waits

    the worker calls `shutdown(socket.SHUT_RDWR)` | the end, whoever has a copy

    the parent sends a socket and closes its copy at once | nothing: the worker can still take it

    the parent closes its copy, and nobody takes the socket | nothing: it waits until the parent
    ends

    To close what nobody took without that, there is only `multiprocessing.resource_sharer.stop()`,
    which Python's documentation does not describe.
    """
    if sys.platform == "win32":
        return
    client, accepted = socket.socketpair()
    with client, accepted:
        client.setblocking(False)
        _through_a_pipe(accepted).close()
        with raises(BlockingIOError):
            client.recv(1)
        received = _through_a_pipe(accepted)
        received.shutdown(socket.SHUT_RDWR)
        assert client.recv(1) == b""
        received.close()
    here, there = Pipe()
    client, accepted = socket.socketpair()
    with here, there, client:
        client.setblocking(False)
        for _ in range(2):
            here.send(accepted)
        accepted.close()
        with there.recv() as received:
            received.sendall(b"hello")
        assert client.recv(9) == b"hello"
        with raises(BlockingIOError):
            client.recv(1)
        _stop_sharing()
        assert client.recv(1) == b""


def read_once() -> None:
    """Bytes that one process has read do not come again in another. This also holds for bytes that
    `makefile()` has read ahead.

    A timeout is not sent. The socket in the worker has none, but its connection is still in the
    mode of a socket with one, and `recv` raises `BlockingIOError` instead of waiting.
    """
    if sys.platform == "win32":
        return
    client, accepted = socket.socketpair()
    with client, accepted:
        client.sendall(b"one\ntwo\n")
        with accepted.makefile("rb") as file:
            assert file.readline() == b"one\n"
        accepted.settimeout(TIME_LIMIT)
        with _through_a_pipe(accepted) as received:
            assert received.gettimeout() is None
            with raises(BlockingIOError):
                received.recv(9)
            received.settimeout(TIME_LIMIT)
            client.sendall(b"three")
            assert received.recv(9) == b"three"
    _stop_sharing()


def the_descriptor() -> None:
    """`detach()` returns a descriptor that belongs to the worker, and works once. `open` makes a
    file of it, and closes it at the end.

    `flush()` comes first, because what is in the buffer of the parent is not in the file.

    The position is shared: `lseek` sets it to the beginning for the worker, and the worker moves it
    for the parent. If the parent has read a line, the position is behind that line, since a file
    reads ahead.

    If the worker fails, the program names its exit code, and ends with exit status 1.
    """
    shown("hand-over/file_sent", "file.flush()\n            os.lseek(file.fileno(), 0,")
    shown("hand-over/file_sent", "total: 499500\nthe worker has moved the position to 11780")
    shown("hand-over/file_sent", 'sys.exit(f"no total: exit code', "with open(jobs.recv().detach()")
    if sys.platform == "win32":
        return
    from multiprocessing.reduction import DupFd

    with tempfile.TemporaryFile("w+") as file:
        file.write("one\ntwo\n")
        assert os.fstat(file.fileno()).st_size == 0
        file.seek(0)
        assert file.readline() == "one\n"
        copy = _through_a_pipe(DupFd(file.fileno()))
        descriptor = copy.detach()
        with open(descriptor) as received:
            assert received.read() == ""
        with raises(OSError):
            os.fstat(descriptor)
        hook, sys.excepthook = sys.excepthook, lambda *_: None  # the sender prints a traceback
        with raises(EOFError, ConnectionError):
            copy.detach()
        _stop_sharing()
        sys.excepthook = hook
    failing = ("    end.close()\n    with", "    end.close()\n    sys.exit(3)\n    with")
    outcome = script(changed("hand-over/file_sent", failing))
    assert (outcome.status, outcome.stdout, outcome.stderr) == (1, "", "no total: exit code 3\n")


def with_send_fds() -> None:
    """With `socket.send_fds`, the descriptor itself is in the pair of sockets, and remains there:

    A pair of sockets can be an argument of a `Process`, as an end of a pipe. `send_fds` needs at
    least one byte of data.

    A pair of sockets is a stream: two messages may come as one.
    """
    shown("hand-over/sender_ended", "here, there = socket.socketpair()", "sender, there\n")
    shown("hand-over/sender_ended", "send_fds: shop True")
    if sys.platform == "linux":
        here, there = socket.socketpair()
        with here, there:
            here.sendall(b"one")
            here.sendall(b"two")
            assert there.recv(9) == b"onetwo"
            socket.send_fds(here, [b""], [here.fileno()])
            here.sendall(b"end")
            message, fds, _, _ = socket.recv_fds(there, 9, 1)
            assert (message, fds) == (b"end", [])


def what_cannot_be_sent() -> None:
    """a file that was opened with `open()` | send its path, or a `DupFd`

    a file from `makefile()` | send the socket, and call `makefile()` in the worker

    an `ssl.SSLSocket` | send the socket before `wrap_socket()`, and wrap it in the worker

    the socket of an asyncio transport | send its `dup()`, and do not use the transport any more

    The first four raise `TypeError`; every message of Python is on a page of its own.
    """
    import asyncio
    import ssl

    if sys.platform == "win32":
        return

    async def of_a_transport() -> None:
        here, there = socket.socketpair()
        with there:
            _, writer = await asyncio.open_connection(sock=here)
            inner = writer.get_extra_info("socket")
            with raises(TypeError):
                _through_a_pipe(inner)
            with inner.dup() as copy, _through_a_pipe(copy) as received:
                received.sendall(b"hello")
            assert there.recv(9) == b"hello"
            writer.close()
            await writer.wait_closed()

    asyncio.run(of_a_transport())
    _stop_sharing()
    context = ssl.create_default_context()
    with (
        context.wrap_socket(socket.socket(), server_hostname="shop") as encrypted,
        raises(TypeError),
    ):
        _through_a_pipe(encrypted)
    here, there = socket.socketpair()
    with here, there, here.makefile() as made, raises(TypeError):
        _through_a_pipe(made)
    with open(__file__) as file, raises(TypeError):
        _through_a_pipe(file)


def in_a_queue_and_under_fork() -> None:
    """A `Queue` raises it in a thread, and the item is lost. Under `fork`, all of them are
    inherited as arguments of a `Process` without an error, with their position and their buffers.
    """
    shown("unpicklable-item/item_lost", "orders.put({", "Received: cherry\nExit code")
    receiver, sender = Pipe(duplex=False)
    with open(__file__) as file, receiver:
        first = file.readline()
        worker = Process(target=_next_line, args=(file, sender))
        if get_start_method() == "fork":
            worker.start()
            line = receiver.recv()
            worker.join()
            assert line and line != first and line == file.readline()
        else:
            with raises(TypeError):
                worker.start()
        sender.close()


def _next_line(file: Any, sender: "Connection[str, str]") -> None:
    sender.send(file.readline())
