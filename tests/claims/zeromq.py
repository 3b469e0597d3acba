"""What docs/beyond/zeromq.md says."""

import os
import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from multiprocessing import Pipe, Process, get_context, get_start_method
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.claims import (
    ONCE,
    PAUSE,
    PRELOADED,
    ROOT,
    SURE,
    TIME_LIMIT,
    changed,
    no_fact,
    on,
    raises,
    script,
    shown,
)
from tests.claims._beside import beside
from tests.claims._hosts import hosts, possible
from tests.claims._until import until

PAGE = ROOT / "docs" / "beyond" / "zeromq.md"
_beside = partial(beside, ROOT / "examples" / "zeromq")
LINUX = sys.platform == "linux"
PATIENCE = int(1000 * TIME_LIMIT)  # milliseconds
LOCAL = "tcp://127.0.0.1:*"


@contextmanager
def _pair(bound: str, connected: str, address: str = LOCAL) -> Iterator[tuple[Any, Any]]:
    """Two sockets that are named by their types, in a context of their own."""
    zmq = import_module("zmq")
    with zmq.Context() as context:
        context.linger, context.rcvtimeo, context.sndtimeo = 0, PATIENCE, PATIENCE
        with (
            context.socket(zmq.SocketType[bound]) as one,
            context.socket(zmq.SocketType[connected]) as other,
        ):
            one.bind(address)
            other.connect(one.last_endpoint.decode())
            yield one, other


def _bound(socket: Any, address: str) -> bool:
    """Bind an address that a socket has which is being closed, in a thread of its context."""

    def bind() -> bool:
        try:
            socket.bind(address)
        except import_module("zmq").ZMQError:
            return False
        return True

    return until(bind)


def what_it_is_for() -> None:
    """ZeroMQ sends messages between processes that were started separately, on one machine or on
    several, and needs no server: one process binds an address, others connect to it. Use it if you
    want that, and can write yourself what happens when a process dies. If one program starts all
    its workers, a `Queue` or a `Manager` does; if data must survive, use Redis or PostgreSQL.
    """
    no_fact("what a library is for, and advice")


def keeps_nothing() -> None:
    """ZeroMQ keeps nothing on disk, and acknowledges nothing.

    The list of jobs is in the memory of the owner: if the owner is killed, it is gone.
    """
    shown("zeromq/push_pull", "worker 1 has b'job 0'\nworker 2 has no more jobs")
    shown("zeromq/owner_killed", "new owner, new client: 1")
    shown("zeromq/jobs", "late, idle = dict.fromkeys(")
    if get_start_method() == ONCE:
        with tempfile.TemporaryDirectory() as folder, _pair("REP", "REQ") as (rep, req):
            before = os.getcwd()
            os.chdir(folder)
            try:
                req.send(b"1")
                rep.recv()
                assert not os.listdir(folder)
            finally:
                os.chdir(before)


def what_they_need() -> None:
    """The programs need `pip install pyzmq`, and `big_array.py` NumPy."""
    for program in (ROOT / "examples" / "zeromq").glob("*.py"):
        text = program.read_text("utf-8")
        assert '"pyzmq"]' in text
        assert ("numpy" in text) == (program.name == "big_array.py")


def one_at_a_time() -> None:
    """One process owns the dictionary. It answers one request at a time, so no lock is needed:"""
    shown("zeromq/counter", "clients.recv_json()", "{'red': 501, 'green': 500, 'all': 1001}")


def waits_forever() -> None:
    """A `REQ` socket sends and receives in turn, and `REP` answers. By default each waits forever:
    `rcvtimeo` is the limit for `recv()`, in milliseconds, and `linger` that for what is still
    unsent at the end.
    """
    shown("zeromq/owner_killed", "rcvtimeo = 0, 1000", "Again: ")
    zmq = import_module("zmq")
    with zmq.Context() as context, context.socket(zmq.REQ) as socket:
        assert (socket.rcvtimeo, socket.sndtimeo, socket.linger) == (-1, -1, -1)
        with raises(zmq.ZMQError, text="current state"):
            socket.recv()


def an_exception_ends_it() -> None:
    """This owner ends if nobody asks for 10 seconds: make that longer than the longest pause. An
    exception ends it, too, and then no client gets an answer: catch it there, and answer with it.
    """
    shown("zeromq/counter", "poll(10_000):  # ends if nobody asks")
    if get_start_method() == ONCE:
        unknown = '("red", "green")', '("red", "blue")'
        outcome = script(changed("zeromq/counter", unknown, ("10_000  # milli", "1000  # milli")))
        assert outcome.status == 1
        assert "KeyError: 'blue'" in outcome.stderr
        assert "zmq.error.Again: " in outcome.stderr
        late = "owner.connect", "__import__('time').sleep(2)\n        owner.connect"
        brief = ("poll(10_000)", "poll(100)"), ("10_000  # milli", "1000  # milli")
        outcome = script(changed("zeromq/counter", late, *brief))
        assert outcome.status == 1
        assert "zmq.error.Again: " in outcome.stderr


def sent_ahead() -> None:
    """`PUSH` sends to its workers in turn, before they ask: a slow worker gets as many jobs as a
    fast one. If it is killed, they are lost, and no error is reported:

    a `PULL` worker | its job, and all that were sent ahead to it
    """
    shown("zeromq/push_pull", "range(100)", "worker 1 has b'job 0'\nworker 2 has no more jobs")
    zmq = import_module("zmq")
    with _pair("PULL", "PUSH") as (fast, push), push.context.socket(zmq.PULL) as slow:
        slow.bind(LOCAL)
        push.connect(slow.last_endpoint.decode())
        for _ in range(10):
            push.send(b"job")
        for worker in fast, slow:
            assert [worker.recv() for _ in range(5)] == [b"job"] * 5
            assert not worker.poll(100)


def ask_for_each() -> None:
    """So let workers ask for each job, and keep it until it is done. A `ROUTER` socket gets the id
    of the sender with each message, and can answer whom it wants, when it wants:

    a worker of `jobs.py` | nothing, once its job is late
    """
    shown("zeromq/jobs", "worker_id, done =", "[idle.pop(), job]", "all done, killed: 1")


def handed_out_again() -> None:
    """A job that takes longer than `limit` is handed out again while the first worker is still
    busy. A worker that gets no job for ten times `limit` ends: the owner may have been
    killed.
    """
    shown("zeromq/jobs", "int(10_000 * limit)", "monotonic() + limit")
    if LINUX and get_start_method() == ONCE:
        slow = (
            "                signal.raise_signal(signal.SIGKILL)  # out of memory",
            "                __import__('time').sleep(1000)",
        )
        outcome = script(changed("zeromq/jobs", slow))
        assert "all done, killed: 0" in outcome.stdout, outcome.stderr
        silent = "jobs.send_multipart([idle.pop(), job])", "idle.pop()"
        outcome = script(changed("zeromq/jobs", silent, ("Lock(), 1.0", "Lock(), 0.1")))
        assert outcome.status == 1
        assert outcome.stderr.count("zmq.error.Again: ") == 2
        assert "no worker is left" in outcome.stderr


def advice() -> None:
    """Make `limit` longer than the longest job takes, and write jobs so that a second run does no
    harm.

    Make a socket in each thread.

    Between machines, use CURVE keys, as below.

    Let it ask again with the same id, and let the owner skip an id that it has seen. If
    it stores the count, it has to store the ids with it.
    """
    no_fact("advice")


def round_forever() -> None:
    """A job that ends each worker goes round until no worker is left: count how often each was
    handed out.
    """
    if LINUX and get_start_method() == ONCE:
        outcome = script(changed("zeromq/jobs", (" and first.acquire(block=False)", "")))
        assert outcome.status == 1
        assert "no worker is left" in outcome.stderr


def dropped_in_silence() -> None:
    """A message to a worker that has gone is dropped, and no error is reported. Here its job is
    late, and handed out again.
    """
    shown("zeromq/jobs", "late[job] < monotonic()")
    with _pair("ROUTER", "DEALER") as (router, dealer):
        dealer.send(b"hello")
        worker_id, _ = router.recv_multipart()
        router.send_multipart([worker_id, b"job"])
        assert dealer.recv() == b"job"
        dealer.close()
        router.send_multipart([worker_id, b"job"])
        assert not router.poll(0)
        router.send_multipart([b"nobody", b"job"])


def of_their_own() -> None:
    """The type and the shape are not sent: send them in a frame of their own, with
    `send_multipart()`. A transposed array arrives in the order in which it is in memory, and no
    error is reported: send `np.ascontiguousarray(array)`.
    """
    np = import_module("numpy")
    with _pair("PULL", "PUSH") as (pull, push):
        table = np.arange(6, dtype="i2").reshape(2, 3)
        push.send(table)
        assert np.frombuffer(pull.recv(), "u1").shape == (12,)
        push.send_multipart([b"i2 2 3", table])
        about, data = pull.recv_multipart()
        kind, *shape = about.decode().split()
        again = np.frombuffer(data, kind).reshape([int(one) for one in shape])
        assert (again == table).all()
        for copy in True, False:
            push.send(table.T, copy=copy)
            assert (np.frombuffer(pull.recv(), "i2") == table.ravel()).all()
            push.send(np.ascontiguousarray(table.T), copy=copy)
            assert (np.frombuffer(pull.recv(), "i2").reshape(3, 2) == table.T).all()


def through_a_socket() -> None:
    """Nothing is shared: a message goes through a socket of the system, with `ipc://` as with
    `tcp://`, and the receiver has its own.
    """
    shown("zeromq/big_array", "samples *= 2", "array of the parent ends with 9999999.0")
    if LINUX:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "s")
            with _pair("PULL", "PUSH", f"ipc://{path}") as (pull, push):
                assert path.is_socket()
                data = bytearray(100_000)
                push.send(data)
                received = pull.recv(copy=False)
                data[0] = 7
                received.buffer[1] = 8
                assert (received.buffer[0], data[1]) == (0, 0)


MB = 40


def _peak(line: Connection, address: str, copy: bool) -> None:
    """Receive MB, and tell by how much the memory grew at most, and grew to stay, in MB."""
    zmq = import_module("zmq")
    with zmq.Context() as context, context.socket(zmq.PULL) as socket:
        socket.rcvtimeo = PATIENCE
        socket.connect(address)
        socket.recv()
        before = _memory("VmRSS", forget=True)
        received = socket.recv(copy=copy)
        line.send((_memory("VmHWM") - before, _memory("VmRSS") - before, len(received)))


def _memory(name: str, forget: bool = False) -> int:
    if forget:
        Path("/proc/self/clear_refs").write_text("5", "utf-8")
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) // 1024


def how_often() -> None:
    """A big message is in the memory of a process this often:

    `send(array)` | one

    `send(array)` with `copy=False` | none

    `recv()` | two for a moment, then one: `bytes`, which cannot be written

    `recv()` with `copy=False` | one: a `Frame`, which `np.frombuffer` shows and lets you write
    """
    if not LINUX or get_start_method() != ONCE:
        return
    zmq, np = import_module("zmq"), import_module("numpy")
    array = np.ones(MB * 131_072)
    for copy, peak in (True, 2), (False, 1):
        with zmq.Context() as context, context.socket(zmq.PUSH) as socket:
            socket.linger, socket.sndtimeo = 0, PATIENCE
            socket.bind(LOCAL)
            ours, theirs = Pipe()
            receiver = Process(target=_peak, args=[theirs, socket.last_endpoint.decode(), copy])
            receiver.start()
            theirs.close()
            socket.send(b"ready")
            before = _memory("VmRSS", forget=True)
            socket.send(array, copy=copy)
            most, stays, size = ours.recv()
            receiver.join()
            assert size == array.nbytes
            sent = _memory("VmHWM") - before
            assert MB // 2 < sent < MB * 3 // 2 if copy else sent < MB // 2, sent
            assert (peak - 0.5) * MB < most < (peak + 0.5) * MB, most
            assert MB // 2 < stays < MB * 3 // 2, stays
    with _pair("PULL", "PUSH") as (pull, push):
        for copy in True, False:
            push.send(array[:100_000])
            message = pull.recv(copy=copy)
            assert np.frombuffer(message).flags.writeable is not copy
            assert isinstance(message, bytes) is copy


def may_change_it() -> None:
    """After `send(array)` with `copy=False`, a change of the array can change the message,
    because it may not have been sent yet. With `track=True` beside it, `send` returns a tracker:
    call its `wait()` before you write.
    """
    zmq, np = import_module("zmq"), import_module("numpy")
    with _pair("PULL", "PUSH") as (pull, _):
        address = pull.last_endpoint.decode()
    with zmq.Context() as context:
        context.linger, context.rcvtimeo = 0, PATIENCE
        with context.socket(zmq.PUSH) as push, context.socket(zmq.PULL) as pull:
            push.connect(address)
            array = np.zeros(100_000)
            tracker = push.send(array, copy=False, track=True)
            assert not tracker.done
            array[:] = 7
            assert _bound(pull, address)
            assert np.frombuffer(pull.recv())[0] == 7
            tracker.wait(TIME_LIMIT)
            assert tracker.done


def no_copy_at_all() -> None:
    """Between processes of one machine, shared memory needs no copy at all."""
    shown("numpy-array/own_rows", "buffer=")


def in_silence() -> None:
    """`send()` reports no error: the message is lost with the connection, or kept while ZeroMQ
    connects again, in silence and without end. Without `rcvtimeo`, `recv()` would wait forever.
    After that a `REQ` socket cannot send, until it is closed and a new one made.
    """
    shown("zeromq/owner_killed", 'socket.send(b"add")  # no error', "Again: Resource temporarily")
    shown("zeromq/owner_killed", "cannot be accomplished in current state\nnew owner, new client")
    zmq = import_module("zmq")
    with _pair("REP", "DEALER") as (rep, dealer):
        assert dealer.reconnect_stop == 0
        assert dealer.reconnect_ivl > 0
        address = rep.last_endpoint.decode()
        with dealer.get_monitor_socket(zmq.EVENT_DISCONNECTED) as monitor:
            dealer.send_multipart([b"", b"lost"])
            assert rep.recv() == b"lost"
            rep.close()
            assert monitor.poll(PATIENCE)
            dealer.disable_monitor()
        dealer.send_multipart([b"", b"kept"])
        with zmq.Context() as context, context.socket(zmq.REP) as again:
            again.linger, again.rcvtimeo = 0, PATIENCE
            assert _bound(again, address)
            assert again.recv() == b"kept"


def begins_at_zero() -> None:
    """A new owner begins at zero: what must survive, the owner has to store, before it answers.

    the owner | its memory, and the requests that it had received
    """
    shown("zeromq/owner_killed", "count = 0", "new owner, new client: 1\nAgain")


def counted_or_not() -> None:
    """The client cannot know whether its update was counted.

    With `req_relaxed` and `req_correlate`, the same socket may ask again, and late answers to
    earlier requests are dropped:
    """
    shown("zeromq/once", "no id - sent 2 times, count: 2\nsale 17 - sent 2 times, count: 3")
    with _pair("ROUTER", "REQ") as (router, req):
        req.req_relaxed = req.req_correlate = 1
        for number in b"1", b"2":
            req.send(number)
        for _ in range(2):
            message = router.recv_multipart()
            router.send_multipart(message)
        assert req.recv() == b"2"
        assert not req.poll(100)


def a_sender() -> None:
    """
    a sender | what it has not yet sent
    """
    zmq = import_module("zmq")
    with _pair("PULL", "PUSH") as (pull, _):
        address = pull.last_endpoint.decode()
        pull.close()
        sender = Process(target=_send_and_die, args=[address])
        sender.start()
        sender.join()
        if LINUX:
            assert sender.exitcode == -signal.SIGKILL
        with zmq.Context() as context, context.socket(zmq.PULL) as again:
            assert _bound(again, address)
            assert not again.poll(int(1000 * SURE))


def _send_and_die(address: str) -> None:
    zmq = import_module("zmq")
    socket = zmq.Context().socket(zmq.PUSH)
    socket.connect(address)
    socket.send(b"unsent")
    os.kill(os.getpid(), signal.SIGKILL if LINUX else signal.SIGTERM)


HANGS = """
import zmq

def main():
    with zmq.Context() as context, context.socket(zmq.PUSH) as socket:
        LINGER
        socket.connect("tcp://127.0.0.1:1")
        socket.send(b"job")
        print("sent", flush=True)
        END

main()
print("ended")
"""


IN_A_FUNCTION = """
import zmq

def main():
    context = zmq.Context()
    socket = context.socket(zmq.PUSH)
    socket.linger = -1
    socket.connect("tcp://127.0.0.1:1")
    socket.send(b"job")
    print("sent", flush=True)
    END

main()
"""


def at_exit() -> None:
    """If messages are unsent, the end of `with zmq.Context()`, `context.term()`, and the end of a
    function that has the only reference to a context wait until they are sent: forever, by default.
    An exception in the block is not even shown. Ctrl-C ends the wait. Set `linger` on each socket,
    or `context.linger` before you make sockets: `0` drops what is unsent, `1000` waits for at most
    a second. `context.term()` also waits for each socket that is still open, whatever its `linger`:
    close it, or call `context.destroy(linger=0)`. A context that is a global variable is not ended
    at exit: what is unsent is lost, and no error is reported.
    """
    if get_start_method() != ONCE:
        return
    for end in "pass", "raise ValueError":
        code = HANGS.replace("LINGER", "pass").replace("END", end)
        outcome = script(code, hangs_after="sent")
        assert (outcome.status, outcome.stderr) == (None, "")
    for last, ends in ("pass", False), ("context.term()", False), ("context.destroy(0)", True):
        code = IN_A_FUNCTION.replace("END", last)
        outcome = script(code, hangs_after="" if ends else "sent")
        assert outcome.status == (0 if ends else None), outcome.stderr
        if "term" in last:
            outcome = script(code.replace("-1", "0"), hangs_after="sent")
            assert outcome.status is None
    code = HANGS.replace("LINGER", "pass").replace("END", "pass")
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as program:
        assert program.stdout
        assert program.stderr
        program.stdout.readline()
        time.sleep(PAUSE)
        program.send_signal(signal.SIGINT if LINUX else signal.SIGTERM)
        assert program.wait(TIME_LIMIT)
        assert b"KeyboardInterrupt" in program.stderr.read() or not LINUX
    for linger in "socket.linger = 0", "socket.linger = 1000":
        outcome = script(HANGS.replace("LINGER", linger).replace("END", "pass"))
        assert outcome.stdout.split() == ["sent", "ended"], outcome.stderr
    zmq = import_module("zmq")
    with zmq.Context() as context:
        context.linger = 0
        with context.socket(zmq.PUSH) as socket:
            assert socket.linger == 0
    outcome = script(
        "import zmq\ncontext = zmq.Context()\nsocket = context.socket(zmq.PUSH)\n"
        "socket.connect('tcp://127.0.0.1:1')\nsocket.send(b'job')\nprint('sent')\n"
    )
    assert (outcome.status, outcome.stdout) == (0, "sent\n")


def _forked_use(socket: Any, way: str, address: str, line: Connection) -> None:
    zmq = import_module("zmq")
    if way == "instance":
        socket = zmq.Context.instance().socket(zmq.REQ)
    if way == "new":
        socket = socket.context.socket(zmq.REQ)
    line.send("began")
    if way != "connected":
        socket.connect(address)
    socket.send(b"hello")
    patience = PATIENCE if way == "instance" else 100
    line.send("answered" if socket.poll(patience) else "no answer")


def after_a_fork() -> None:
    """A context starts threads with its first socket, and a fork does not copy threads. In the
    child, a socket from before the fork hangs in `connect()` or `poll()`, even with a time limit,
    and a new one of the old context gets no answer. Make the context in the worker, or call
    `zmq.Context.instance()` there, which makes a new one after a fork.
    """
    if not LINUX or get_start_method() != "fork":
        return
    zmq, fork = import_module("zmq"), get_context("fork")
    tasks = Path("/proc/self/task")
    before = len(list(tasks.iterdir()))
    other = zmq.Context()
    assert len(list(tasks.iterdir())) == before
    other.socket(zmq.REQ).close()
    assert len(list(tasks.iterdir())) > before
    other.term()
    with _pair("REP", "REQ") as (rep, req):
        address, answers = rep.last_endpoint.decode(), threading.Event()

        def answer() -> None:
            while not answers.is_set():
                if rep.poll(50):
                    rep.send(rep.recv())

        server = threading.Thread(target=answer)
        server.start()
        try:
            req.send(b"hello")
            req.recv()
            found = {}
            ways = "connected", "unconnected", "new", "instance"
            lines = {}
            for way in ways:
                ours, theirs = Pipe()
                instance = zmq.Context.instance()
                used = req if way == "connected" else instance.socket(zmq.REQ)
                child = fork.Process(target=_forked_use, args=[used, way, address, theirs])
                child.start()
                theirs.close()
                assert ours.recv() == "began"
                lines[way] = ours, child
                if used is not req:
                    used.close(0)
            time.sleep(SURE)
            for way, (ours, child) in lines.items():
                waits = TIME_LIMIT if way in ("new", "instance") else 0
                found[way] = ours.recv() if ours.poll(waits) else "hangs"
                child.kill()
                child.join()
            instance.term()
        finally:
            answers.set()
            server.join()
        assert found == dict(zip(ways, ("hangs", "hangs", "no answer", "answered"), strict=True))


def not_pickled() -> None:
    """Sockets and contexts cannot be pickled."""
    with _pair("REP", "REQ") as (rep, _):
        for thing in rep, rep.context:
            with raises(TypeError, text="pickl"):
                pickle.dumps(thing)


AT_MODULE_LEVEL = """
import warnings
warnings.simplefilter("ignore")
from multiprocessing import Pipe, Process
import os
import zmq

made_by = os.getpid()
socket = zmq.Context().socket(zmq.REQ)
socket.linger = 0

def look(line):
    line.send(made_by == os.getpid())

if __name__ == "__main__":
    ours, theirs = Pipe()
    worker = Process(target=look, args=[theirs])
    worker.start()
    print("its own:", ours.recv())
    worker.join()
    socket.close()
    socket.context.term()
"""


def at_module_level() -> None:
    """A socket at module level is made before the fork under `fork`, and also under `forkserver` on
    Python 3.13.8 and later and 3.14.1 and later, because the fork server imports the script.
    """
    if LINUX:
        method = get_start_method()
        inherited = method == "fork" or (method == "forkserver" and on(PRELOADED))
        outcome = script(AT_MODULE_LEVEL)
        assert f"its own: {not inherited}" in outcome.stdout, outcome.stderr


def warned() -> None:
    """Start the workers before there is a socket, as `jobs.py` does. With `-X dev`, Python 3.12 and
    later warn of a fork in a process with threads.
    """
    shown("zeromq/jobs", "worker.start()  # before there is a context")
    if LINUX and get_start_method() == "fork":
        code = AT_MODULE_LEVEL.replace('warnings.simplefilter("ignore")', "")
        warning = "use of fork() may lead"
        assert (warning in script(code, "-X", "dev").stderr) == (sys.version_info >= (3, 12))
        assert warning not in script(code).stderr


def _own_and_fork(line: Connection) -> None:
    zmq = import_module("zmq")
    socket = zmq.Context().socket(zmq.REP)
    socket.bind(LOCAL)
    worker = get_context("fork").Process(target=time.sleep, args=[TIME_LIMIT])
    worker.start()
    line.send((socket.last_endpoint.decode(), worker.pid))
    time.sleep(TIME_LIMIT)


def held_open() -> None:
    """A forked worker holds the port of its parent open. If the parent is killed, a new one cannot
    bind the port until the worker ends, and clients that connect get no answer.
    """
    if not LINUX or get_start_method() != "fork":
        return
    zmq = import_module("zmq")
    ours, theirs = Pipe()
    owner = Process(target=_own_and_fork, args=[theirs])
    owner.start()
    theirs.close()
    address, worker = ours.recv()
    owner.kill()
    owner.join()
    with zmq.Context() as context:
        context.linger = 0
        with context.socket(zmq.REP) as again, context.socket(zmq.REQ) as client:
            try:
                with raises(zmq.ZMQError, text="Address already in use"):
                    again.bind(address)
                client.connect(address)
                client.send(b"hello")
                assert not client.poll(int(1000 * SURE))
            finally:
                os.kill(worker, signal.SIGKILL)
            assert _bound(again, address)


def the_second_takes_over() -> None:
    """Of two processes that bind the same `ipc://` path, the second takes over, and no error is
    reported: new clients reach it, and connected ones still the first. The file of `ipc://` stays
    after `close()`, and may have a path of at most 107 characters on Linux.
    """
    if not LINUX or get_start_method() != ONCE:
        return
    zmq = import_module("zmq")
    with tempfile.TemporaryDirectory() as folder:
        address = f"ipc://{folder}/s"
        with _pair("REP", "REQ", address) as (first, old):
            old.send(b"1")
            first.send(first.recv())
            old.recv()
            with _pair("REP", "REQ", address) as (second, new):
                new.send(b"new")
                assert second.recv() == b"new"
                old.send(b"old")
                assert first.recv() == b"old"
                longest = f"{folder}/".ljust(107, "x")
                with first.bind(f"ipc://{longest}"):
                    assert Path(longest).is_socket()
                with raises(zmq.ZMQError, text="longer than 107 characters"):
                    first.bind(f"ipc://{longest}x")
        assert Path(folder, "s").is_socket()


def nobody_has_subscribed() -> None:
    """A `PUB` socket drops what nobody has subscribed to, and a subscription takes a moment after
    `connect()`. `XPUB` tells the sender of each subscription, so that it can wait.
    """
    shown("zeromq/slow_joiner", 'news.send_string("price 1")', "received: price 2")
    shown("zeromq/slow_joiner", "subscribed: b'\\x01price'")
    with _pair("PUB", "SUB") as (pub, sub):
        pub.send(b"lost")
        sub.subscribe(b"")

        def arrives() -> bool:
            pub.send(b"found")
            return bool(sub.poll(10))

        assert until(arrives)
        assert sub.recv() == b"found"


def full() -> None:
    """A socket keeps at most 1,000 messages for each peer, by default, beside as many at the
    receiver; `sndhwm` and `rcvhwm` change it before `connect()` or `bind()`.

    When it is full, `PUSH` and `DEALER` wait in `send()`; `PUB` and `ROUTER` drop messages, and no
    error is reported. 1,000 arrays of 80 MB are 80 GB: set it low for big messages.
    """
    zmq = import_module("zmq")
    with zmq.Context() as context:
        context.linger, context.sndtimeo = 0, 100
        for kind in zmq.PUSH, zmq.DEALER:
            for limit in 1000, 10:
                with context.socket(kind) as socket:
                    assert (socket.sndhwm, socket.rcvhwm) == (1000, 1000)
                    socket.sndhwm = limit
                    socket.connect("tcp://127.0.0.1:1")
                    for _ in range(limit):
                        socket.send(b"job")
                    with raises(zmq.Again):
                        socket.send(b"job")
    with _pair("PUB", "SUB") as (pub, sub):
        sub.subscribe(b"")

        def arrives() -> bool:
            pub.send(b"hello")
            return bool(sub.poll(10))

        assert until(arrives)
        for _ in range(20_000):
            pub.send(bytes(5000))
        pub.send(b"")  # which may be dropped, too
        received = 0
        while sub.poll(200):
            received += sub.recv() == bytes(5000)
        assert received < 20_000
    with _pair("ROUTER", "DEALER") as (router, dealer):
        dealer.send(b"hello")
        worker_id, _ = router.recv_multipart()
        for _ in range(20_000):
            router.send_multipart([worker_id, bytes(5000)])
        received = 0
        while dealer.poll(200):
            received += dealer.recv() == bytes(5000)
        assert received < 20_000


def in_threads() -> None:
    """Two threads that use one `REQ` socket get each other's answers, or an error."""
    if get_start_method() != ONCE:
        return
    outcome = script(
        """
import os
import threading
import zmq

wrong = threading.Event()
context = zmq.Context()

def answer():
    with context.socket(zmq.REP) as socket:
        socket.bind("inproc://owner")
        while True:
            socket.send(socket.recv())

def ask(name):
    for number in range(100_000):
        message = b"%s %d" % (name, number)
        try:
            socket.send(message)
            if socket.recv() != message:
                wrong.set()
        except zmq.ZMQError:
            wrong.set()

threading.Thread(target=answer, daemon=True).start()
socket = context.socket(zmq.REQ)
socket.connect("inproc://owner")
for name in b"one", b"two":
    threading.Thread(target=ask, args=[name], daemon=True).start()
print(wrong.wait(20), flush=True)
os._exit(0)
"""
    )
    assert outcome.stdout == "True\n" or outcome.status != 0, outcome.stderr


def whoever_reaches_it() -> None:
    """Without more, whoever reaches the address can send and receive: bind `127.0.0.1`, which every
    user of the machine can reach, or an `ipc://` path in a folder that only you can open.
    `recv_pyobj()` unpickles, so whoever can send runs code in your process: use `recv_json()` or
    bytes. Limit the size of a message by `maxmsgsize`, which has no limit by default.
    """
    with _pair("PULL", "PUSH") as (pull, push):
        push.send(pickle.dumps(_Runs()))
        assert pull.recv_pyobj() == os.getpid()
        assert pull.maxmsgsize == -1
    zmq = import_module("zmq")
    with zmq.Context() as context:
        context.linger, context.rcvtimeo = 0, PATIENCE
        with context.socket(zmq.PULL) as pull, context.socket(zmq.PUSH) as push:
            pull.maxmsgsize = 1000
            pull.bind(LOCAL)
            push.connect(pull.last_endpoint.decode())
            push.send(bytes(1001))
            assert not pull.poll(int(1000 * SURE))


class _Runs:
    def __reduce__(self) -> tuple[Any, tuple[()]]:
        return os.getpid, ()


def _commands() -> list[str]:
    """The two blocks of commands for several hosts, as they stand on the page."""
    found = PAGE.read_text("utf-8").split("## Several hosts")[1].split("```")
    return [block.removeprefix("bash\n") for block in found[1:4:2]]


def _run_on(host: Any, folder: str, commands: str) -> str:
    """What commands print on a host, or the last line of their error."""
    line = host.line("sh", "-c", commands)
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    run = subprocess.run(
        line, cwd=folder, env=os.environ | {"PATH": path}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    return run.stdout.strip() if not run.returncode else run.stderr.strip().splitlines()[-1]


@contextmanager
def _several_hosts() -> Iterator[tuple[list[Any], str]]:
    """Two hosts beside that of the owner, which runs, and their folder, which has the keys."""
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryDirectory() as theirs,
        hosts("10.0.0.1", "10.0.0.2", "10.0.0.3") as made,
    ):
        owner = subprocess.Popen(
            made[0].line("sh", "-c", _commands()[0]),
            cwd=folder,
            env=os.environ | {"PATH": path},
            process_group=0,
        )
        try:
            assert until(Path(folder, "owner.py").exists)
            for name in "owner.key", "worker.key_secret":
                assert Path(folder, name).stat().st_mode & 0o77 == 0
                shutil.copy(Path(folder, name), theirs)
            yield made[1:], theirs
        finally:
            os.killpg(owner.pid, signal.SIGKILL)
            owner.wait()


PATIENT = """
import sys, zmq
from zmq.auth import load_certificate
from zmq.utils.monitor import recv_monitor_message

def connect(heartbeat):
    socket = zmq.Context.instance().socket(zmq.REQ)
    socket.linger, socket.rcvtimeo, socket.heartbeat_ivl = 0, 1000, heartbeat
    socket.req_relaxed = socket.req_correlate = 1
    socket.curve_serverkey, _ = load_certificate("owner.key")
    socket.curve_publickey, socket.curve_secretkey = load_certificate("worker.key_secret")
    monitor = socket.get_monitor_socket(zmq.EVENT_DISCONNECTED)
    socket.connect("tcp://10.0.0.1:5555")
    return socket, monitor

sockets = {"with": connect(300), "without": connect(0)}
for line in sys.stdin:
    command, name = line.split()
    socket, monitor = sockets[name]
    if command == "noticed":
        print(bool(monitor.poll(30_000 if name == "with" else 100)), flush=True)
        continue
    socket.send(b"")
    try:
        print(int(socket.recv()) > 0, flush=True)
    except zmq.Again:
        print("Again", flush=True)
"""


def on_several_hosts() -> None:
    """On the host of the owner, whose address is `10.0.0.1` here, make keys, and start the owner:

    A second run keeps the keys. On each other host, with the files `owner.key` and
    `worker.key_secret` of that folder:

    A client with another key, or with none, gets no answer and no error: its `recv()` ends with
    `Again`. The same happens on a host that is cut off, while the others go on; when the network is
    back, its client connects again. Without `heartbeat_ivl`, a side that only waits does not notice
    a cut cable: with it, a connection that is silent for this long, in milliseconds, is closed, and
    made anew.
    """
    if not LINUX or get_start_method() != ONCE:
        return
    keys, _, _ = _commands()[0].partition("cat >")
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    with tempfile.TemporaryDirectory() as folder:
        made = []
        for python in "false", "python3", "python3":  # the first as without pyzmq
            subprocess.run(
                ["sh", "-c", keys.replace("python3", python)],
                cwd=folder,
                env=os.environ | {"PATH": path},
                stderr=subprocess.DEVNULL,
                check=False,
            )
            made.append({one.name: one.read_bytes() for one in Path(folder).rglob("*.key*")})
        assert not made[0]
        assert made[1] == made[2]
        assert set(made[1]) == {"owner.key", "owner.key_secret", "worker.key", "worker.key_secret"}
    if not possible():
        print("this system does not let us make network namespaces, so there are no several hosts")
        return
    with _several_hosts() as ((first, second), folder):
        count = _commands()[1]
        assert until(lambda: _run_on(first, folder, count).startswith("visits: "))
        visits = int(_run_on(second, folder, count).split()[1])
        hasty = count.replace("0, 5000, 5000", "0, 1000, 5000")
        other = hasty.replace('load_certificate("worker.key_secret")', "zmq.curve_keypair()")
        none = "".join(line for line in hasty.splitlines(True) if "secret" not in line)
        none = "".join(line for line in none.splitlines(True) if "curve_" not in line)
        for commands in other, none:
            assert commands != hasty
            assert _run_on(first, folder, commands).startswith("zmq.error.Again")
        with subprocess.Popen(
            second.line(sys.executable, "-c", PATIENT),
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as client:

            def tell(line: str) -> str:
                assert client.stdin
                assert client.stdout
                client.stdin.write(f"{line}\n")
                client.stdin.flush()
                return client.stdout.readline().strip()

            for name in "with", "without":
                assert until(lambda name=name: tell(f"ask {name}") == "True")  # type: ignore[misc]
            second.set_cable("down")
            assert tell("ask with") == "Again"
            assert tell("noticed with") == "True"
            assert tell("noticed without") == "False"
            assert int(_run_on(first, folder, count).split()[1]) > visits
            second.set_cable("up")
            assert until(lambda: tell("ask with") == "True")
            assert client.stdin
            client.stdin.close()


def versions() -> None:
    """Run with pyzmq 27.3.0 and its libzmq 4.3.5, on Linux."""
    from importlib.metadata import version

    assert version("pyzmq") == "27.3.0"
    assert import_module("zmq").zmq_version() == "4.3.5"
