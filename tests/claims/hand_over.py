"""What docs/examples/hand-over.md says."""

import os
import pickle
import socket
import sys
import tempfile
import threading
from multiprocessing import Pipe, Process, Queue, SimpleQueue, get_start_method
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from tests.claims import PAUSE, TIME_LIMIT, changed, no_fact, raises, replaced, script, shown
from tests.claims._starts import SIGTERM_AT_A_FORK

if TYPE_CHECKING:
    from examples._runner import Outcome

GUARD = '\n\nif __name__ == "__main__":\n    main()\n'
EVERYWHERE = """
import socket
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool, Process, resource_sharer
from threading import Event

go = Event()

class Later:
    def __reduce__(self):
        go.wait()
        return int, ()

def greet(connection):
    with connection:
        connection.sendall(b"hello")

def sent_in_a_thread(submit):
    here, there = socket.socketpair()
    first = submit(print, Later())
    lost = submit(greet, there)
    there.close()
    go.set()
    first()
    try:
        lost()
    except OSError as error:
        print(error)
    go.clear()
    with here:
        print(here.recv(9))

def sees_the_end(executor):
    here, there = socket.socketpair()
    with here:
        with there:
            executor.submit(greet, there).result()
        resource_sharer.stop()
        here.recv(9)
        here.setblocking(False)
        try:
            return here.recv(9) == b""
        except BlockingIOError:
            return False

def main():
    here, there = socket.socketpair()
    with here, there:
        worker = Process(target=greet, args=(there,))
        worker.start()
        print(resource_sharer._resource_sharer._thread, here.recv(9))
        worker.join()
    with ProcessPoolExecutor(1) as executor:
        print(sees_the_end(executor), sees_the_end(executor))
    with ProcessPoolExecutor(1) as executor:
        executor.submit(int).result()
        print(sees_the_end(executor))
        sent_in_a_thread(lambda *task: executor.submit(*task).result)
    with Pool(1) as pool:
        here, there = socket.socketpair()
        with here, there:
            pool.apply(greet, (there,))
            print(here.recv(9))
        sent_in_a_thread(lambda call, *of: pool.apply_async(call, of).get)
"""
INHERITED = """
import os
import socket
import subprocess
import sys
from multiprocessing import Pipe, Process, resource_sharer

WAITS = "import sys; sys.stdin.read()"

def work(end, jobs, stdin, with_os):
    end.close()
    with jobs.recv(), stdin:
        if with_os:
            os.dup2(stdin.fileno(), 0)
            os.system(f'{sys.executable} -c "{WAITS}" &')
        else:
            subprocess.Popen([sys.executable, "-c", WAITS], stdin=stdin)
    jobs.send("started")

def is_open(end):
    end.setblocking(False)
    try:
        return end.recv(9) != b""
    except BlockingIOError:
        return True

def main():
    for with_os in True, False:
        here, there = socket.socketpair()
        feeds, stdin = socket.socketpair()
        end, jobs = Pipe()
        worker = Process(target=work, args=(end, jobs, stdin, with_os))
        worker.start()
        jobs.close()
        stdin.close()
        with there:
            end.send(there)
        print(end.recv())
        worker.join()
        resource_sharer.stop()
        print(is_open(here), not end.poll())
        feeds.close()
"""
SIGNAL = "import os\nimport signal\nimport socket"
KILLED = f"""
from multiprocessing import resource_sharer
from pathlib import Path
from stat import filemode
from time import sleep

def note():
    Path(f"ended-{{os.getpid()}}").touch()

def server():
    workers = []
    for _ in range(2):
        workers.append(Worker(workers))
    client, accepted = socket.socketpair()
    workers[0].end.send(accepted)
    accepted.close()
    client.sendall(b"apple")
    client.recv(32)
    Path("address").write_text(resource_sharer._resource_sharer._address)
    os.kill(os.getpid(), signal.SIGKILL)

def main():
    killed = Process(target=server)
    killed.start()
    killed.join()
    while len(list(Path().glob("ended-*"))) < 2:
        sleep({PAUSE})
    address = Path(Path("address").read_text())
    folder = address.parent
    print(killed.exitcode, address.exists(), folder.name[:5], filemode(folder.stat().st_mode))
"""
OTHER_USER = """
import os
import socket
from multiprocessing import Pipe, Process, resource_sharer  # which the other user may not read

def take(jobs, pair):
    os.setgid(65534)
    os.setuid(65534)
    try:
        jobs.recv()
    except OSError as error:
        print(type(error).__name__, flush=True)
    _, fds, _, _ = socket.recv_fds(pair, 1, 1)
    with socket.socket(fileno=fds[0]) as received:
        received.sendall(b"hello")

def main():
    end, jobs = Pipe()
    here, there = socket.socketpair()
    client, accepted = socket.socketpair()
    worker = Process(target=take, args=(jobs, there))
    worker.start()
    end.send(accepted)
    socket.send_fds(here, [b"x"], [accepted.fileno()])
    worker.join()
    print(client.recv(9))
"""
STOPS = """            if data == b"apple":
                client.sendall(b"stops")
                os.kill(os.getpid(), signal.SIGSTOP)
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
    code, _, _ = changed("hand-over/worker").partition("def main")
    code += changed("hand-over/server", ("from worker import Worker\n", ""))
    return script(replaced(code, *changes))


def sent_as_it_is() -> None:
    """Send a socket to a worker as it is, through a pipe: the worker gets a socket of the same
    connection.

    An open file raises `TypeError`, so send its path, or, if it has none, its descriptor.

    A `Queue`, a `SimpleQueue`, and the tasks of a `Pool` or an executor do the same. An argument
    of a `Process` is passed at its start, without a thread. `pickle.dumps` raises `TypeError`.

    the parent closes its copy before a `Queue`, a `Pool` or an executor has pickled it | the end:
    it is lost

    A `Queue`, a `Pool` and an executor pickle later, in a thread, which then raises `OSError:
    [Errno 9] Bad file descriptor`: with these, close it when you have the worker's answer.

    Under `fork`, each process that is started while the socket is open has a copy, too. An
    executor starts its processes at the first task, so submit one before you accept the first
    client.
    """
    shown("hand-over/server", "free.pop().end.send(accepted)")
    shown("hand-over/worker", "yield jobs.recv()")
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
    _lost_in_a_queue()
    if sys.platform == "linux":
        lost = "0\n[Errno 9] Bad file descriptor\nb''\n"
        first = get_start_method() != "fork"
        told = f"None b'hello'\n{first} True\nTrue\n{lost}b'hello'\n{lost}"
        assert script(EVERYWHERE + GUARD).stdout == told


class _Later:
    """What is pickled as soon as it may be."""

    def __init__(self) -> None:
        self.go = threading.Event()

    def __reduce__(self) -> Any:
        assert self.go.wait(TIME_LIMIT)
        return int, ()


def _lost_in_a_queue() -> None:
    """A socket that is closed before the thread of a `Queue` pickles it does not arrive."""
    queue: Any = Queue()
    errors: list[Exception] = []
    queue._on_queue_feeder_error = lambda error, _: errors.append(error)
    here, there = socket.socketpair()
    later = _Later()
    for each in later, there, "the next":
        queue.put(each)
    there.close()
    later.go.set()
    assert (queue.get(), queue.get()) == (0, "the next")
    assert [str(error) for error in errors] == ["[Errno 9] Bad file descriptor"]
    with here:
        assert here.recv(9) == b""
    queue.close()
    queue.join_thread()


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


def another_user() -> None:
    """In a worker that has changed its user, it raises `PermissionError`, since the socket of the
    thread is in a folder for one user.
    """
    if sys.platform == "linux" and os.geteuid() == 0:  # the mode is looked at below
        assert script(OTHER_USER + GUARD).stdout == "PermissionError\nb'hello'\n"


def advice() -> None:
    """If the workers can accept clients themselves, you need none of this: pass the listening
    socket to all of them at their start.

    Put your work outside of them, in the place of `sha256`.

    Call `settimeout` in the worker first, as above, and do not read in the parent any more.

    So close the parent's copy when `send` has returned.

    If your messages are longer than these words, call it in a loop until the message is complete.

    Send the path of a file, and open it in the worker. A temporary file without a name has no
    path.

    Send its descriptor, in a `DupFd`:

    Send the next one when the first has been answered.

    a connection to a database | connect in the worker
    """
    no_fact("advice")


def the_work_fails() -> None:
    """A worker reads from a client, works, and answers. Only the lines that talk with the client
    or the parent ignore errors.

    Run alone, this file prints what a client gets that sends `apple`:
    """
    shown("hand-over/worker", "answer = sha256(data).digest()", "apple 3a7bd3e2")
    shown("hand-over/server", "apple 3a7bd3e2")
    if sys.platform != "win32":
        for error in "FileNotFoundError", "EOFError", "ConnectionError":
            outcome = _server(("sha256(data).digest()", f"exec('raise {error}')"))
            assert (outcome.status, outcome.stdout) == (1, "")
            assert f"\n{error}\n" in outcome.stderr
            assert "a worker: exit code 1\n" in outcome.stderr


def a_worker() -> None:
    """The worker sets a timeout, so that a client that sends nothing keeps it for ten seconds at
    most.

    The worker sends `done` after each client. So the parent knows when it is free, and notices when
    it has ended: `recv()` then raises `EOFError` (on Windows, not always), or
    `ConnectionResetError` if the worker had not read all that it was sent.
    """
    shown("hand-over/worker", "client.settimeout(10)", "except OSError:\n                continue")
    shown("hand-over/worker", 'jobs.send("done")', "suppress(EOFError, ConnectionError):")
    assert issubclass(TimeoutError, OSError) and issubclass(BrokenPipeError, OSError)
    here, there = Pipe()
    there.close()
    with here, raises(EOFError, *([BrokenPipeError] if sys.platform == "win32" else [])):
        here.recv()
    if sys.platform == "linux":
        here, there = Pipe()
        here.send("a client")
        there.close()
        with here, raises(ConnectionResetError):
            here.recv()


def several_workers() -> None:
    """The server keeps a list of the free workers, and accepts a client only if a worker is free.
    It starts all workers before the first `send`, which starts a thread: a fork with threads can
    hang. This program needs the file above in the same folder, and plays four clients:
    """
    shown("hand-over/server", "[*ends, listening] if free else ends", "free.append(worker)")
    shown("hand-over/server", "from worker import Worker", 'b"plum"')


def a_worker_ends() -> None:
    """If a worker ends, the server below says so and ends.

    If a worker ends, also one that is free, the server names its exit code, kills the others
    and ends with exit status 1.

    What a dead worker has read from a client is gone. So the server does not give the client to
    another worker.
    """
    shown("hand-over/server", "a worker is killed            status 1, told")
    shown("hand-over/server", "finally:\n        for worker in workers:\n")
    if sys.platform == "win32":
        return
    free = "free = list(workers)\n"
    outcome = _server((free, f"{free}        free[0].process.kill()\n"))
    assert (outcome.status, outcome.stdout) == (1, "")
    assert outcome.stderr == "a worker: exit code -9\n"


def other_programs() -> None:
    """Start other programs in a worker with `subprocess`. With `os.system`, they inherit the
    connection, and keep it open until they end; except under `fork`, the server does not notice
    before that a worker has ended.
    """
    if sys.platform == "linux":
        unnoticed = get_start_method() != "fork"
        told = f"started\nTrue {unnoticed}\nstarted\nFalse False\n"
        assert script(INHERITED + GUARD).stdout == told


def it_is_ended() -> None:
    """At Ctrl-C and SIGTERM, the `finally` kills all workers, also those that are stopped. The
    workers ignore Ctrl-C. The handler of SIGTERM is set when the workers have been started, because
    under `fork`, Python ignores an exception that it raises at certain moments of the start. Before
    that, SIGTERM ends the server, unless it is PID 1, and the workers end with it.
    """
    if sys.platform == "win32":
        return
    if get_start_method() == "fork":
        handler = 'signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))\n'
        outcome = _server(("def main():\n", SIGTERM_AT_A_FORK))
        assert (outcome.status, outcome.stdout) == (-15, "")
        outcome = script(changed("hand-over/file_sent", ("def main():\n", SIGTERM_AT_A_FORK)))
        assert (outcome.status, outcome.stdout) == (-15, "")
        ignored = _server(("def main():\n", f"{SIGTERM_AT_A_FORK}    {handler}"))
        assert (ignored.status, ignored.stdout[:6]) == (0, "apple ")
        assert "Exception ignored" in ignored.stderr
    answer = "answer = sha256"
    interrupted = f"signal.raise_signal(signal.SIGINT)\n            {answer}"
    outcome = _server((answer, interrupted))
    assert (outcome.status, outcome.stderr) == (0, "")
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
    """The worker closes its copies of the parent's ends. So its own `recv()` raises one of these
    when the parent has ended, even if it was killed.

    If the server is killed, each worker ends when it has served its client. A folder `pymp-...`
    with the socket of the thread stays in the temporary directory.
    """
    if sys.platform != "linux":
        return
    serve = "def serve(ends, jobs):\n"
    code, _, _ = changed(
        "hand-over/worker",
        ("import signal", SIGNAL),
        ("target=serve", "target=noted"),
        (serve, "def noted(*args):\n    serve(*args)\n    note()\n\n\n" + serve),
    ).partition("def main")
    assert script(code + KILLED + GUARD).stdout == "-9 True pymp- drwx------\n"


def a_stopped_worker() -> None:
    """A worker that is stopped or stuck keeps its client waiting, and the others go on, unless it
    was stopped while it took its client from the thread, which serves one worker at a time. If
    none is left, new clients wait, too: give the work a time limit.
    """
    shown("hand-over/server", "[*ends, listening] if free else ends", "free.pop().end.send(")
    if sys.platform == "win32":
        return
    outcome = _server(
        ("import signal", SIGNAL),
        ("            answer =", STOPS + "            answer ="),
        ("left or len(free) < len(workers)", "left or not free"),
        ("    finally:\n", "        clients[0].recv(5)\n    finally:\n"),
    )
    told = "apple \npear 97cfbe87\nplum 04672556\ncherry 2daf0e6c\n"
    assert (outcome.status, outcome.stdout) == (0, told)


def who_closes() -> None:
    """Each process has a copy, and the connection ends when all of them are closed.

    the worker closes its copy, the parent does not | nothing: it waits

    the worker calls `shutdown(socket.SHUT_RDWR)` | the end, whoever has a copy

    the parent sends a socket through a pipe or a `SimpleQueue`, and closes its copy at once |
    nothing: the worker can still take it

    the parent closes its copy, and nobody takes the socket | nothing: it waits until the parent
    ends

    If nobody takes a socket and the parent goes on, call `shutdown(socket.SHUT_RDWR)` before you
    close it.
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
    queue: Any = SimpleQueue()
    for ends in False, True:
        client, accepted = socket.socketpair()
        with client:
            with accepted:
                queue.put(accepted)
                if ends:
                    accepted.shutdown(socket.SHUT_RDWR)
                    assert client.recv(1) == b""
            with queue.get() as received:
                if not ends:
                    received.sendall(b"hello")
                    assert client.recv(9) == b"hello"
    queue.close()
    _stop_sharing()


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
        try:
            with raises(EOFError, ConnectionError):
                copy.detach()
        finally:
            _stop_sharing()
            sys.excepthook = hook
    failing = ("    end.close()\n    with", "    end.close()\n    sys.exit(3)\n    with")
    outcome = script(changed("hand-over/file_sent", failing))
    assert (outcome.status, outcome.stdout, outcome.stderr) == (1, "", "no total: exit code 3\n")
    full = (
        "            file.flush()",
        "            file.flush()\n            raise OSError('full')",
    )
    outcome = script(changed("hand-over/file_sent", full))
    assert (outcome.status, outcome.stdout) == (1, "")
    assert outcome.stderr.endswith("OSError: full\n")


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

    the socket of an asyncio transport | call `pause_reading()` at once, send its `dup()`, and then
    call the transport's `abort()`

    A transport of asyncio reads by itself: without `pause_reading()` it takes bytes from the
    worker, and without `abort()` its copy stays open. What it has already read is not in the
    socket.

    The first four raise `TypeError`; every message of Python is on a page of its own.
    """
    import asyncio
    import ssl

    if sys.platform == "win32":
        return

    async def of_a_transport() -> None:
        here, there = socket.socketpair()
        with there:
            reader, writer = await asyncio.open_connection(sock=here)
            transport: Any = writer.transport
            inner = writer.get_extra_info("socket")
            with raises(TypeError):
                _through_a_pipe(inner)
            there.sendall(b"early")
            assert await reader.readexactly(3) == b"ear"
            transport.pause_reading()
            with inner.dup() as copy, _through_a_pipe(copy) as received:
                there.sendall(b"hello")
                received.settimeout(TIME_LIMIT)
                assert received.recv(9) == b"hello"
                received.sendall(b"done")
                assert there.recv(9) == b"done"
                transport.resume_reading()
                there.sendall(b"taken")
                assert await reader.readexactly(7) == b"lytaken"
            there.setblocking(False)
            with raises(BlockingIOError):
                there.recv(9)
            there.setblocking(True)
            transport.abort()
            assert await asyncio.to_thread(there.recv, 9) == b""

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
    """A `Queue` raises it in a thread, and the item is lost. Under `fork`, an open file
    is inherited as an argument of a `Process` without an error, with its position and its buffer.
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
