"""What docs/pitfalls/inherited.md says."""

import json
import os
import signal
import socket
import struct
import sys
from multiprocessing import Pipe, Process, get_start_method
from multiprocessing.connection import Connection
from typing import TextIO

from tests.claims import PRELOADED, TIME_LIMIT, no_fact, on, raises, replaced, script, shown

CLIENT = """
from multiprocessing import Process
from threading import Event, Lock, Thread
from threading import enumerate as enumerate_threads

lock, stop = Lock(), Event()


def work():
    names = [thread.name for thread in enumerate_threads()]
    print(f"lock held: {lock.locked()}, threads: {names}")


if __name__ == "__main__":
    sender = Thread(target=stop.wait, name="sender")
    sender.start()
    with lock:
        worker = Process(target=work)
        worker.start()
        worker.join()
    stop.set()
    sender.join()
"""
MODULE_LEVEL = """
import json
import multiprocessing
import os
import random
import signal
import socket
import sys
from multiprocessing import Process, SimpleQueue

sys.path.insert(0, os.getcwd())
dice = random.Random()
source = os.open(__file__, os.O_RDONLY)

def stop(*_):
    pass

def is_open(descriptor, inode):
    try:
        return os.fstat(descriptor).st_ino == inode
    except OSError:
        return False

def report(answers, descriptor, inode):
    answers.put({
        "opened by main": is_open(descriptor, inode),
        "file": len(os.read(source, 100_000)) > 0,
        "dice": dice.random(),
        "handler": signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL,
        "ignored early": signal.getsignal(signal.SIGUSR1) is signal.SIG_IGN,
        "ignored late": signal.getsignal(signal.SIGUSR2) is signal.SIG_IGN,
        "blocked early": signal.SIGALRM in signal.pthread_sigmask(signal.SIG_BLOCK, []),
        "blocked late": signal.SIGHUP in signal.pthread_sigmask(signal.SIG_BLOCK, []),
    })

def ask_child(*arguments):
    answers = SimpleQueue()
    child = Process(target=report, args=(answers, *arguments))
    child.start()
    answer = answers.get()
    child.join()
    return answer

def main():
    multiprocessing.set_start_method({method!r})
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
    signal.signal(signal.SIGTERM, stop)
    with socket.create_server(("127.0.0.1", 0)) as server:
        high = os.dup2(server.fileno(), 90)
        inode = os.fstat(high).st_ino
        first = ask_child(high, inode)
        signal.signal(signal.SIGUSR2, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGHUP])
        print(json.dumps([first, ask_child(high, inode), dice.random()]))

if __name__ == "__main__":
    main()
"""
STARTED_LATER = """
import os
import socket
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool

def is_taken(run, *tasks):
    server = socket.create_server(("127.0.0.1", 0))
    for task in tasks:
        run(task, server.fileno())
    address = server.getsockname()
    server.close()
    try:
        socket.create_server(address).close()
    except OSError:
        return True
    return False

if __name__ == "__main__":
    with Pool(1, maxtasksperchild=2) as pool:
        print(is_taken(lambda *task: pool.apply(task[0], task[1:]), abs, abs, abs))
    for task in abs, os.close:
        with ProcessPoolExecutor(1) as executor:
            print(is_taken(lambda *task: executor.submit(*task).result(), task))
"""
OPENED_TWICE = """
import multiprocessing
import os
import socket

# Any free port, and for the children the same.
server = socket.create_server(("127.0.0.1", int(os.environ.get("PORT", 0))))
os.environ["PORT"] = str(server.getsockname()[1])

if __name__ == "__main__":
    multiprocessing.set_start_method({method!r})
    child = multiprocessing.Process(target=int)
    try:
        child.start()
        child.join()
        print(child.exitcode)
    except (EOFError, ConnectionResetError) as error:
        print(type(error).__name__)
"""
TRACKER = """
import multiprocessing
import os
from multiprocessing import Process, SimpleQueue, resource_tracker

def tracker():
    return os.fstat(resource_tracker.getfd()).st_ino

def report(answers):
    answers.put(tracker())

def is_one():
    answers = SimpleQueue()
    child = Process(target=report, args=(answers,))
    child.start()
    number = answers.get()
    child.join()
    return number == tracker()

if __name__ == "__main__":
    multiprocessing.set_start_method({method!r})
    print(is_one(), is_one())
"""

BLOCKED = '''
import multiprocessing
import os
import signal
from multiprocessing.shared_memory import SharedMemory
from subprocess import Popen

# It waits until the parent sleeps, in sigwait.
KILL = """
for _ in $(seq 1000); do
    grep -q "^State:.S" /proc/{0}/status && break
done
kill -TERM {0}
"""
SIGNALS = [signal.SIGINT, signal.SIGTERM]
again = True

def blocked():
    return sorted(number.name for number in signal.pthread_sigmask(signal.SIG_BLOCK, []))

def use():
    if multiprocessing.get_start_method() == "fork":
        block = SharedMemory(create=True, size=1)
        block.close()
        block.unlink()
    else:
        child = multiprocessing.Process(target=int)
        child.start()
        child.join()

if __name__ == "__main__":
    multiprocessing.set_start_method({method!r})
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    use()
    first = blocked()
    if again:
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    use()
    print(first, blocked(), end=" ", flush=True)
    killer = Popen(["sh", "-c", KILL.format(os.getpid())])
    print(signal.Signals(signal.sigwait([signal.SIGTERM])).name)
    killer.wait()
'''

# Right after the fork, where Python drops exceptions, the worker waits for SIGTERM.
DAEMON = """
import os
import signal
import sys
import time
from multiprocessing import Process, SimpleQueue

def wait():
    os.write(end, b" ")
    while True:
        time.sleep(0.01)

def work(orders):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    print("works", flush=True)
    orders.get()

def stop(*_):
    sys.exit("stopped")

def main():
    signal.signal(signal.SIGTERM, stop)
    os.register_at_fork(after_in_child=wait)
    worker = Process(target=work, args=(SimpleQueue(),), daemon=True)
    worker.start()
    os.read(line, 1)
    print("leaves", flush=True)

if __name__ == "__main__":
    line, end = os.pipe()
    main()
"""


def _wait(orders: "Connection[str, str]") -> None:
    orders.recv()


def _ignore_and_wait(line: "Connection[str, str]") -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    line.send("ready")
    line.recv()


def _unblock_later(line: "Connection[str, str]") -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    line.send("ready")
    line.recv()
    line.send("goes on" if signal.SIGTERM in signal.sigpending() else "not terminated")
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])


def _read_parts(file: int, line: "Connection[int, str]") -> None:
    while True:
        part = os.read(file, 10)
        line.send(len(part))
        if not part or line.recv() == "end":
            break


def _read_line(text: TextIO, line: "Connection[str, str]") -> None:
    line.send(text.readline())


def _seen(*, module: bool = False) -> list[object]:
    outcome = script(MODULE_LEVEL.replace("{method!r}", repr(get_start_method())), module=module)
    assert outcome.status == 0, outcome.stderr
    seen: list[object] = json.loads(outcome.stdout)
    return seen


def open_it_later() -> None:
    """A child made by `fork` also has the parent's open sockets and files, its signal handlers and
    its random generators: start the workers first, and open, connect and set up afterwards, or in
    the worker itself.
    """
    shown("inherited/port_taken", "Output\nOSError: Address already in use")
    shown("inherited/port_free", "Output\nPort opened again")
    shown("inherited/file_position", "Output\nFirst worker: 24 lines\nSecond worker: 0 lines")
    shown("inherited/file_opened", "First worker: 21 lines\nSecond worker: 21 lines")
    shown("inherited/not_terminated", "Output\nExit code: 0")
    shown("inherited/terminated", "Output\nExit code: -15")
    shown("inherited/same_numbers", "dice.random(): same")


def not_again() -> None:
    """In a traceback, `[Errno 98]` comes before the text on Linux, and `[Errno 48]` on macOS:

    The worker has nothing to do with the server, but holds a copy of its socket:
    """
    shown(
        "inherited/port_taken", "args=(receiver,)", "server.close()\n    try:", "OSError: Address"
    )
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = {"linux": 98, "darwin": 48}.get(sys.platform, "")
        with raises(OSError, text=f"[Errno {number}"):
            socket.create_server(server.getsockname())


def not_terminated() -> None:
    """`terminate()` does not end a worker.

    The parent handles SIGTERM, as many servers do. Under `fork` so does its worker, which gets the
    order and ends with 0:
    """
    shown("inherited/not_terminated", "worker.terminate()\n    sender.send(", "SIGTERM, stop_later")
    shown("inherited/not_terminated", "Output\nExit code: 0", "Output\nExit code: -15")


def reads_nothing() -> None:
    """A worker reads only a part of a file, or nothing.

    Both workers have the same open file. The first reads it to the end, and there the second
    begins:
    """
    shown("inherited/file_position", "Output\nFirst worker: 24 lines\nSecond worker: 0 lines")


def same_numbers() -> None:
    """All workers draw the same random numbers.

    A `random.Random` of your own keeps its state:
    """
    shown("inherited/same_numbers", "dice.random(): same\nrandom.random(): different")


def no_effect() -> None:
    """A setting that the parent has made has no effect in the workers."""
    shown("inherited/set_late", "environment: lost\numask: lost")


def copied() -> None:
    """`fork` copies the whole process. The copy of a socket or a file leads to the same socket or
    file: it stays open until every process has closed it, and has one position for all of them.
    Signal handlers and generators are copied as they are. `spawn` and `forkserver` start from a
    new Python instead, so a child has none of these, unless it makes them itself by importing your
    program.

    Under `forkserver` there is one exception: what your program makes at module level is made in
    the fork server, and all children inherit it from there, in Python 3.13.8 and later and 3.14.1
    and later. With `python -m program`, with a list in `set_forkserver_preload` that lacks
    `"__main__"`, and in older releases, each child makes its own, except in a module that the fork
    server has imported from that list.

    a socket or file that `main` has opened | the parent's | nothing | nothing

    a file opened at module level, with its position | the parent's | the server's | its own

    a `random.Random()` made at module level | as in the parent | as in the server | its own

    a signal handler that `main` has set | the parent's | the default | the default

    a signal that `main` ignores or blocks, before the first child | as in the parent | as in the
    parent | as in the parent

    a signal that `main` ignores or blocks, after the first child | as in the parent | as it was
    before | as in the parent
    """
    shown("read-only-model/preload", "Preloaded: ['my_model']\nInherited: True")
    method = get_start_method()
    is_fork = method == "fork"
    for module in (False, True):
        first, second, parents_dice = _seen(module=module)
        assert isinstance(first, dict)
        assert isinstance(second, dict)
        is_shared = is_fork or (method == "forkserver" and on(PRELOADED) and not module)
        for child in first, second:
            assert child["opened by main"] == child["handler"] == is_fork
            assert child["ignored early"]
            assert child["blocked early"]
        assert first["file"]
        assert second["file"] == (not is_shared)
        assert (first["dice"] == second["dice"]) == is_shared
        assert (first["dice"] == parents_dice) == is_fork
        assert not first["ignored late"]
        assert not first["blocked late"]
        assert second["ignored late"] == second["blocked late"] == (method != "forkserver")


def settings_of_libraries() -> None:
    """`logging`, warning filters, `decimal`, set by `main` | as in the parent | as imported | as
    imported
    """
    shown("start-methods/settings", "logging: as in the parent", "logging: lost")
    shown("start-methods/settings", "warnings: as in the parent", "warnings: lost")
    shown("start-methods/settings", "decimal: as in the parent", "decimal: lost")


def settings_of_the_process() -> None:
    """environment, `umask`, priority, limits, set after the first child | as in the parent | as
    they were before | as in the parent

    current folder, `sys.path` | as in the parent | as in the parent | as in the parent

    The fork server is started with the first child. What the parent sets later reaches neither it
    nor the children; of what this program sets, only the current folder and `sys.path` are sent to
    each child:
    """
    shown(
        "inherited/set_late",
        "state_of_child()\n    os.environ",
        "environment: arrives\numask: arrives\npriority: arrives\nlimit of open files: arrives\n"
        "current folder: arrives\nsys.path: arrives",
        "environment: lost\numask: lost\npriority: lost\nlimit of open files: lost\n"
        "current folder: arrives\nsys.path: arrives",
    )


def one_tracker() -> None:
    """A child under `forkserver` or `spawn` also uses the parent's resource tracker; under `fork`
    only if the parent has one at that moment.
    """
    outcome = script(TRACKER.replace("{method!r}", repr(get_start_method())))
    assert outcome.stdout == f"{get_start_method() != 'fork'} True\n", outcome.stderr


def no_answer() -> None:
    """While the worker lives, clients can still connect to the port, and get no answer. A
    connection that the parent has accepted stays open in the same way: after the parent's
    `close()` the client still waits for data. `shutdown(socket.SHUT_RDWR)` before `close()` ends a
    connection for all processes. It can raise `OSError` if the client is gone: catch that, and
    call `close()` all the same.
    """
    if get_start_method() != "fork":
        return
    server = socket.create_server(("127.0.0.1", 0))
    clients = [socket.create_connection(server.getsockname()) for _ in range(2)]
    accepted = [server.accept()[0] for _ in clients]
    address = server.getsockname()
    receiver, sender = Pipe(duplex=False)
    worker = Process(target=_wait, args=(receiver,))
    worker.start()
    gone = socket.create_connection(address)
    taken = server.accept()[0]
    gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    gone.close()  # as after a crash: it resets the connection
    server.close()
    clients.append(socket.create_connection(address))
    accepted[0].close()
    accepted[1].shutdown(socket.SHUT_RDWR)
    accepted[1].close()
    clients[1].settimeout(TIME_LIMIT)
    assert clients[1].recv(1) == b""
    taken.settimeout(TIME_LIMIT)
    with raises(ConnectionResetError):
        taken.recv(1)
    with raises(OSError):
        taken.shutdown(socket.SHUT_RDWR)
    taken.close()
    for client in clients[0], clients[2]:
        client.settimeout(0.1)
        try:
            assert not client.recv(1), "an answer"
            raise AssertionError("the connection has ended")
        except TimeoutError:
            pass
    sender.send("end")
    worker.join()
    clients[0].settimeout(TIME_LIMIT)
    assert clients[0].recv(1) == b""  # now that the last copy is closed
    for client in clients:
        client.close()
    receiver.close()
    sender.close()


def workers_first() -> None:
    """Start the workers before you open the socket:"""
    shown("inherited/port_free", "worker.start()\n    server = socket", "Output\nPort opened again")


def another_method() -> None:
    """An executor forks its workers with its first task, not when it is created, and a pool forks
    new ones later, to replace workers that have ended. These hold the socket, too. If you cannot
    start all workers first, use a context for `forkserver` or `spawn`, or close the socket in the
    worker first.
    """
    shown("inherited/port_taken", "Output\nPort opened again")
    if get_start_method() == "fork":
        outcome = script(STARTED_LATER)
        assert outcome.stdout == "True\nTrue\nFalse\n", outcome.stderr


def at_module_level() -> None:
    """A server was closed, and cannot be started again; or a child under `forkserver` or `spawn`
    opens its port a second time.

    Under `forkserver` and `spawn`, open the socket below the main guard. If the program opens it at
    module level, a child that imports the program tries to open it again, and ends with `Address
    already in use`. In some releases, the fork server does so, and `start()` raises `EOFError` or
    `ConnectionResetError`.
    """
    method = get_start_method()
    code = OPENED_TWICE.replace("{method!r}", repr(method))
    outcome = script(code)
    in_use = "Address already in use" if os.name == "posix" else "OSError: "
    assert (in_use in outcome.stderr) == (method != "fork")
    ends = {"fork": ["0"], "spawn": ["1"], "forkserver": ["1", "EOFError", "ConnectionResetError"]}
    assert outcome.stdout.rstrip() in ends[method], outcome
    guarded = replaced(
        code,
        ("\nserver = ", '\nif __name__ == "__main__":\n    server = '),
        ("\nos.environ", "\n    os.environ"),
    )
    assert script(guarded).stdout == "0\n"


def sqlite() -> None:
    """With SQLite, do not carry a connection across a fork at all."""
    no_fact("advice")


def one_connection() -> None:
    """The same holds for a connection to a database, where a worker may read the answer to
    another's question.
    """
    shown("sqlalchemy/shared_connection", "the workers' answers are all right: False")


def only_one_error() -> None:
    """Silent. Only the first of these raises an error."""
    shown("inherited/port_taken", "Output\nOSError: Address already in use")
    shown("inherited/not_terminated", "Output\nExit code: 0")
    shown("inherited/file_position", "Second worker: 0 lines")


def in_a_pool() -> None:
    """In a pool or an executor, reset it in the initializer."""
    shown("killed-worker/sigterm_reset", "signal.SIG_DFL", "initializer=")


def libraries() -> None:
    """What reaches a child as a setting of a library is shown with the start methods."""
    shown("start-methods/settings", "decimal: as in the parent", "decimal: lost")


def reset() -> None:
    """The fix resets the signal in the worker, and the parent waits until that is done:"""
    shown("inherited/terminated", 'SIGTERM, signal.SIG_DFL)\n    to_parent.send("ready")')
    shown("inherited/terminated", "to_worker.recv()\n    worker.terminate()", "Exit code: -15")


def before_the_reset() -> None:
    """If SIGTERM arrives before that line, the parent's handler runs in the worker. An exception
    that the handler raises, such as that of `sys.exit()`, can get lost there, and the worker goes
    on. A daemon that waits forever then keeps the program from ending. If the parent cannot wait
    for its workers, let it set the handler after the last `start()`, or call `kill()`.
    """
    if get_start_method() != "fork":
        return
    outcome = script(DAEMON, hangs_after="works")
    assert outcome.status is None
    assert "SystemExit: stopped" in outcome.stderr
    handler, start = "    signal.signal(signal.SIGTERM, stop)\n", "    worker.start()\n"
    late = replaced(DAEMON, (handler, ""), (start, start + handler))
    killed = replaced(DAEMON, ('    print("leaves', '    worker.kill()\n    print("leaves'))
    for code in late, killed:
        outcome = script(code)
        assert (outcome.status, outcome.stdout) == (0, "leaves\n")


def kill_ends_it() -> None:
    """`kill()` ends a worker whatever handler it has."""
    to_worker, to_parent = Pipe()
    worker = Process(target=_ignore_and_wait, args=(to_parent,))
    worker.start()
    assert to_worker.recv() == "ready"
    worker.kill()
    worker.join()
    assert worker.exitcode == -signal.SIGKILL
    to_worker.close()
    to_parent.close()


def blocked() -> None:
    """If the parent has blocked SIGTERM, as for `signal.sigwait`, a worker inherits that, and
    `SIG_DFL` does not unblock it. Let the worker also call
    `signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])`.
    """
    if get_start_method() != "fork":
        return  # the table has the others
    to_worker, to_parent = Pipe()
    worker = Process(target=_unblock_later, args=(to_parent,))
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    worker.start()
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
    assert to_worker.recv() == "ready"
    worker.terminate()
    to_worker.send("an order after terminate()")
    assert to_worker.recv() == "goes on"
    worker.join()
    assert worker.exitcode == -signal.SIGTERM
    to_worker.close()
    to_parent.close()


def unblocked() -> None:
    """In Python 3.11, and before 3.12.9 and 3.13.2, starting the first child under `forkserver` or
    `spawn` unblocks SIGTERM and SIGINT in the parent, and then SIGTERM ends the parent, even while
    it is in `sigwait`. Under `fork`, creating the first `SharedMemory` does so. There, block the
    signals again afterwards.
    """
    if sys.platform == "win32":
        return
    is_old = on("Python 3.11 to 3.12.8 and 3.13.0 to 3.13.1")
    code = BLOCKED.replace("{method!r}", repr(get_start_method()))
    outcome = script(code)
    seen = "[] ['SIGINT', 'SIGTERM']" if is_old else "['SIGINT', 'SIGTERM'] ['SIGINT', 'SIGTERM']"
    assert outcome.stdout.startswith(f"{seen} "), outcome.stderr
    assert outcome.stdout.endswith(" SIGTERM\n")
    outcome = script(code.replace("again = True", "again = False"))
    assert outcome.status == (-signal.SIGTERM if is_old else 0)


def parts() -> None:
    """If both read at the same time, each part of the file goes to only one of them. But what the
    parent has already read into its buffer, such as the rest of the block after a `readline()`,
    both get.
    """
    if get_start_method() != "fork":
        return
    file = os.open(__file__, os.O_RDONLY)
    lines = [Pipe() for _ in range(2)]
    workers = [Process(target=_read_parts, args=(file, end)) for _, end in lines]
    for worker in workers:
        worker.start()
    parts = []
    for _ in range(2):
        for line, _ in lines:
            parts.append(line.recv())
            line.send("go on" if len(parts) < 3 else "end")
    for worker in workers:
        worker.join()
    assert parts == [10, 10, 10, 10]
    read = os.lseek(file, 0, os.SEEK_CUR)
    assert read == 40
    with open(__file__, encoding="utf-8") as text:
        text.readline()
        for _, end in lines:
            worker = Process(target=_read_line, args=(text, end))
            worker.start()
            worker.join()
        assert lines[0][0].recv() == lines[1][0].recv() == text.readline()
    for line, end in lines:
        line.close()
        end.close()
    os.close(file)


def pass_the_path() -> None:
    """The fix passes the path, and each worker opens the file:"""
    shown("inherited/file_opened", "args=(__file__, answers)", "with open(path) as lines", "Second")


def one_for_each() -> None:
    """With a fixed seed, as in `random.Random(5)`, the numbers are the same under every start
    method. Make the generator in the worker, without a fixed seed, or give each task a seed.
    """
    first, second = script(SEEDED).stdout.splitlines()
    assert first == second != ""


SEEDED = """
from multiprocessing import Process
from random import Random

dice = Random(5)

def throw():
    print(dice.random(), flush=True)

if __name__ == "__main__":
    for _ in range(2):
        worker = Process(target=throw)
        worker.start()
        worker.join()
"""


def set_it_early() -> None:
    """Make such settings before the first child is started, or in the worker."""
    shown("start-methods/state", "os.environ: as in the parent")


def as_airflow_does() -> None:
    """`terminate()` and the end of a pool's `with` block send SIGTERM to it. Reset the signal
    there, as above, or use a context for `spawn`.
    """
    shown("inherited/not_terminated", "signal.signal(signal.SIGTERM, stop_later)")
    shown("inherited/terminated", "signal.SIG_DFL", "Exit code: -15")


def clients_in_each_process() -> None:
    """Make the client in each process, for example in the `initializer` of a pool."""
    no_fact("advice")


def a_client_without_its_thread() -> None:
    """A client that was made before the fork has a copy of the parent's connections and locks,
    but not of the threads that serve them.
    """
    forked = get_start_method() == "fork"
    assert script(CLIENT).stdout == f"lock held: {forked}, threads: ['MainThread']\n"


def other_clients() -> None:
    """a connection to a database | another page for SQLAlchemy, one for Django

    a run of W&B | its own way
    """
    no_fact("pointers to other pages")
