"""What docs/pitfalls/manager-ended.md says."""

import os
import sys
from multiprocessing import Manager, Pool, Process, Queue, util
from multiprocessing.connection import Connection, wait
from multiprocessing.managers import DictProxy, ListProxy, RemoteError, SyncManager
from tempfile import TemporaryDirectory
from threading import Thread
from time import sleep
from typing import Any

from tests.claims import PAUSE, TIME_LIMIT, no_fact, raises, script, shown
from tests.claims._starts import stop

USED_IN_A_THREAD = """
from multiprocessing.managers import SyncManager
from threading import Thread

if __name__ == "__main__":
    with SyncManager(shutdown_timeout=30) as manager:
        ratings, films = manager.dict(Alien=5), manager.list()
        films.append("Alien")
    try:
        ratings["Alien"]
    except BrokenPipeError:
        print("broken")
    Thread(target=ratings.copy).start()
"""
ENDED_BY_THE_END = """
import os
from multiprocessing import Process
from multiprocessing.managers import SyncManager
from time import sleep

def rate(ratings, address):
    while os.path.exists(address):
        sleep(0.01)
    ratings["Alien"] = 5

if __name__ == "__main__":
    manager = SyncManager(shutdown_timeout=30)
    manager.start()
    Process(target=rate, args=(manager.dict(), manager.address)).start()
"""


def _rate(ratings: "DictProxy[str, int]") -> None:
    ratings["Alien"] = 5


def _fails_with(ratings: "DictProxy[str, int]") -> str:
    """The name of the error of a call. The error is not kept, as in `_fails`."""
    try:
        ratings.copy()
    except (OSError, EOFError, RemoteError) as error:
        return type(error).__name__
    return ""


def _fails(films: "ListProxy[str]") -> bool:
    """Whether a call does. The error is not kept: Python 3.12.1 may crash on its traceback."""
    try:
        len(films)
    except (OSError, EOFError):
        return True
    return False


def _call_and_do_not_wait(connection: Connection, proxy: Any, method: str) -> None:
    """Call a method of a proxy; the manager has read the call when this returns (on Linux)."""
    connection.send((proxy._id, method, (), {}))
    if sys.platform == "linux":
        from fcntl import ioctl
        from termios import TIOCOUTQ

        while any(ioctl(connection.fileno(), TIOCOUTQ, bytes(4))):
            sleep(PAUSE)


def _socket_of(manager: SyncManager) -> str:
    assert isinstance(manager.address, str)
    return manager.address


def join_inside() -> None:
    """Join all workers inside the manager's `with` block, and copy out what you need before it
    ends.

    `critic.join()` is inside the block, and so is the copy of the result.
    """
    shown("manager-ended/joined_inside", "        critic.join()\n        result = ratings.copy()")
    shown("manager-ended/joined_inside", "worker: 0", "Ratings: {'Alien': 5}")


def how_the_worker_fails() -> None:
    """The worker fails with one of the errors below. If nothing catches the error, a `Process`
    prints a traceback and ends with exit code 1.
    """
    shown("manager-ended/first_use", "Exit code of the worker: 1", "Process Process-2:\nTraceback")


def what_is_lost() -> None:
    """What it had written into the manager's objects is lost with the manager."""
    shown("manager-ended/used_before", "rated one film", "BrokenPipeError: [Errno 32] Broken pipe")
    shown("manager-ended/in_parent", "Copy: 5\nBrokenPipeError")


def which_error() -> None:
    """Which error it is depends on when the manager ended and on what the worker did before."""
    shown("manager-ended/first_use", "FileNotFoundError")
    shown("manager-ended/used_before", "BrokenPipeError")
    shown("manager-ended/during_call", "Output\nEOFError")


def used_for_the_first_time() -> None:
    """The manager has ended, and only then the worker uses its proxy, such as that of a
    `manager.dict()` or a `manager.list()`, for the first time:
    """
    shown("manager-ended/first_use", "ended.wait()\n    ratings[", "'ForkAwareLocal' object has no")
    shown("manager-ended/first_use", "FileNotFoundError: [Errno 2] No such file or directory")


def whose_file() -> None:
    """The file is the manager's socket, not a file of yours."""
    manager = SyncManager(shutdown_timeout=TIME_LIMIT)
    manager.start()
    if sys.platform != "win32":
        assert os.path.exists(_socket_of(manager))
    manager.shutdown()
    assert not os.path.exists(_socket_of(manager))


def the_first_error() -> None:
    """The `AttributeError` above it can be ignored.

    A proxy first looks for the connection of its thread. If there is none, the lookup raises the
    `AttributeError`, and the proxy tries to connect. The attempt raises the second error, and
    this is the one that counts.
    """
    shown(
        "manager-ended/first_use",
        "AttributeError: 'ForkAwareLocal' object has no attribute 'connection'\n\n"
        "During handling of the above exception, another exception occurred",
    )
    with Manager() as manager:
        ratings = manager.dict()
        tls = ratings._tls  # type: ignore[attr-defined]
        ratings.copy()
        kept = tls.connection
        in_a_thread = Thread(target=ratings.copy)
        in_a_thread.start()
        in_a_thread.join()
        del tls.connection
        with raises(AttributeError, text="'ForkAwareLocal' object has no attribute 'connection'"):
            _ = tls.connection
        assert ratings.copy() == {}
        assert tls.connection is not kept


def used_before() -> None:
    """The worker had used a proxy of that manager before, in the same thread:"""
    shown("manager-ended/used_before", "Output\nrated one film\nBrokenPipeError: [Errno 32] Broken")
    outcome = script(USED_IN_A_THREAD)
    if sys.platform == "linux":
        assert outcome.stdout == "broken\n"  # another proxy of the manager was used
        assert "FileNotFoundError" in outcome.stderr  # in another thread


def during_a_call() -> None:
    """The manager ended while the worker waited for an answer, as in `get()` of a
    `manager.Queue()` or `acquire()` of a `manager.Lock()`:
    """
    shown("manager-ended/during_call", "start.wait()\n    except EOFError", "Output\nEOFError")
    with Manager() as manager:
        queue, lock = manager.Queue(), manager.Lock()
        assert queue.empty()
        waits_for_an_item = queue._tls.connection  # type: ignore[attr-defined]
        del queue._tls.connection  # type: ignore[attr-defined]  # the next call makes another
        assert lock.acquire()
        waits_for_the_lock = lock._tls.connection  # type: ignore[attr-defined]
        _call_and_do_not_wait(waits_for_an_item, queue, "get")
        _call_and_do_not_wait(waits_for_the_lock, lock, "acquire")
    for connection in (waits_for_an_item, waits_for_the_lock):
        with raises(EOFError) if sys.platform == "linux" else raises(EOFError, OSError):
            connection.recv()


def at_a_port() -> None:
    """The manager's address is a host and a port, and the worker uses its proxy for the first
    time:
    """
    shown("manager-ended/by_port", '("127.0.0.1", 0)', "Output\nError: ConnectionRefusedError")


def at_a_port_again() -> None:
    """If a proxy of such a manager had been used before, in the same thread, the next call raises
    `EOFError`, and each later one `BrokenPipeError`.
    """
    with SyncManager(address=("127.0.0.1", 0)) as manager:
        ratings = manager.dict()
        ratings.copy()
    if sys.platform == "linux":
        with raises(EOFError):
            ratings.copy()
        for _ in range(2):
            with raises(BrokenPipeError):
                ratings.copy()


def it_arrives_too_late() -> None:
    """A proxy in an item of a queue, or in a task of a pool, connects to the manager when the
    receiver gets it. If the manager has ended by then, `get()` of the queue raises the error of
    the first use. A `ProcessPoolExecutor` raises `BrokenProcessPool`. With a `Pool`, no error is
    reported: the worker ends, the task is lost, and the task's `get()` waits forever.
    """
    from concurrent.futures import ProcessPoolExecutor  # not at the top: the children need neither
    from concurrent.futures.process import BrokenProcessPool

    orders: Queue[object] = Queue()
    with Manager() as manager:
        ratings = manager.dict()
        orders.put(ratings)
    with raises(FileNotFoundError) if sys.platform == "linux" else raises(OSError, EOFError):
        orders.get()
    orders.close()
    orders.join_thread()  # under `fork`, nothing is started while a thread runs
    with ProcessPoolExecutor(1) as executor, raises(BrokenProcessPool):
        executor.submit(len, ratings).result()
    with Pool(1) as pool:
        (worker,) = pool._pool  # type: ignore[attr-defined]
        result = pool.apply_async(len, (ratings,))
        assert wait([worker.sentinel], TIME_LIMIT)
        result.wait(10 * PAUSE)
        assert not result.ready()


def on_linux() -> None:
    """These are the errors on Linux. The message of the `ConnectionRefusedError` there is
    `[Errno 111] Connection refused`, and you also get it when the manager was killed, because
    its socket file remains. A call that the manager has not read when it ends or is killed
    raises `ConnectionResetError: [Errno 104] Connection reset by peer`.
    """
    if sys.platform != "linux":
        return
    assert os.strerror(111) == "Connection refused"
    with SyncManager(address=("127.0.0.1", 0)) as manager:
        ratings = manager.dict()
    with raises(ConnectionRefusedError, text="[Errno 111] Connection refused"):
        ratings.copy()
    util.get_temp_dir()  # so this process removes the socket file
    manager = Manager()
    ratings = manager.dict()
    ratings.copy()
    connection = ratings._tls.connection  # type: ignore[attr-defined]
    process = manager._process  # type: ignore[attr-defined]
    stop(process.pid)
    connection.send((ratings._id, "copy", (), {}))  # type: ignore[attr-defined]
    process.kill()
    process.join()
    with raises(ConnectionResetError, text="[Errno 104] Connection reset by peer"):
        connection.recv()
    assert os.path.exists(_socket_of(manager))
    del ratings._tls.connection  # type: ignore[attr-defined]  # as if it had not been used
    with raises(ConnectionRefusedError, text="[Errno 111] Connection refused"):
        ratings.copy()
    with Manager() as manager:
        barrier = manager.Barrier(2)
        assert barrier.n_waiting == 0
        connection = barrier._tls.connection  # type: ignore[attr-defined]
        connection.send((barrier._id, "wait", (), {}))  # type: ignore[attr-defined]
        connection.send((barrier._id, "wait", (), {}))  # type: ignore[attr-defined]
        del barrier._tls.connection  # type: ignore[attr-defined]
        while barrier.n_waiting == 0:
            sleep(PAUSE)
    with raises(ConnectionResetError, text="[Errno 104] Connection reset by peer"):
        connection.recv()


def also_without_a_main_guard() -> None:
    """The last line of a missing main guard can read the same."""
    shown("main-guard/last_line", "ConnectionResetError: [Errno 104] Connection reset by peer")


def a_process_of_its_own() -> None:
    """A manager is a process of its own that keeps the dict. The end of the `with` block ends
    that process, and the dict is gone.

    The workers' proxies then hold an address at which no process listens.
    """
    with SyncManager(address=("127.0.0.1", 0)) as manager:
        ratings = manager.dict()
        process = manager._process  # type: ignore[attr-defined]
        assert process.is_alive()
        assert process.pid != os.getpid()
    assert not process.is_alive()
    with raises(ConnectionRefusedError):
        ratings.copy()


def the_end_of_the_program() -> None:
    """The manager also ends when the main program reaches its end, even before the program waits
    for its workers; and it ends when nothing refers to it any more.
    """
    if sys.platform != "win32":
        assert "FileNotFoundError: [Errno 2]" in script(ENDED_BY_THE_END).stderr
    manager = Manager()
    process = manager._process  # type: ignore[attr-defined]
    del manager
    process.join()


def the_program_that_fails() -> None:
    """The worker is started inside the block and joined after it. The two events make sure that
    the worker starts before the manager ends, and uses its proxy after that.
    """
    shown("manager-ended/first_use", "critic.start()\n        started.wait()\n    ended.set()")
    shown("manager-ended/first_use", "started.set()\n    ended.wait()\n    ratings[")


def without_them() -> None:
    """Without them the result depends on timing, and a short test may work."""
    manager = Manager()
    with manager:
        ratings = manager.dict()
        critic = Process(target=_rate, args=(ratings,))
        critic.start()
        critic.join()  # as if it were fast
    assert critic.exitcode == 0


def the_parent_gets_no_error() -> None:
    """The parent itself gets no error and ends with exit status 0."""
    shown("manager-ended/first_use", "Output\nExit code of the worker: 1")


def with_a_pool() -> None:
    """With a pool, fetch the results inside the block, with `map` or with `get()` on each result
    of `apply_async`. Without a `with` block, call `manager.shutdown()` after the last `join()`.
    """
    no_fact("advice")


def it_was_killed() -> None:
    """Do not try the call again: a thread keeps its broken connection to an address, so each later
    call fails, too. A worker's proxy of a new manager at the same address can fail in the same way,
    and no new manager has the objects of the old one. Let the error end the worker, and let the
    parent end the other workers and start the manager and all workers again. What was only in the
    manager is lost.

    A loop in a worker that catches `BrokenPipeError`, `ConnectionResetError` and `EOFError` to
    retry never ends. To keep the data and go on with a new server, you need a server that saves
    its state, and clients that connect again.
    """
    shown("manager-restarts/restarted", "The server was started 3 times\nSold: 20")
    with TemporaryDirectory() as folder:
        address = os.path.join(folder, "manager")
        manager = SyncManager(address)
        manager.start()
        ratings = manager.dict(Alien=5)
        assert ratings["Alien"] == 5
        process = manager._process  # type: ignore[attr-defined]
        process.kill()
        process.join()
        assert _fails_with(ratings)  # its socket may be closed a moment after its sentinel
        assert [_fails_with(ratings) for _ in range(3)] == ["BrokenPipeError"] * 3
        os.unlink(address)
        with SyncManager(address) as again:
            assert _fails_with(again.dict(Alien=4)) == "BrokenPipeError"
            # If both servers gave an object the same number, the end of the new proxy closed the
            # old one's connection, and the new server is asked, which has no such object.
            assert all(_fails_with(ratings) for _ in range(3))


def in_the_parent() -> None:
    """The parent's own proxy fails after the block, too. `copy()` of a dict, `list(...)` of a
    list and `.value` of a `Value` give an ordinary object that remains. A nested proxy in it is
    still a proxy: copy it as well.
    """
    shown("manager-ended/in_parent", "copied = ratings.copy()", "Copy: 5\nBrokenPipeError")
    with Manager() as manager:
        ratings, films = manager.dict(Alien=5), manager.list(["Alien"])
        best = manager.Value("i", 5)
        nested = manager.dict(films=films)
        copies = [ratings.copy(), list(films), best.value]
        nested_copy = nested.copy()
        assert type(nested_copy["films"]) is ListProxy
        copied_as_well = list(nested_copy["films"])
    assert copies == [{"Alien": 5}, ["Alien"], 5]
    assert copied_as_well == ["Alien"]
    assert _fails(nested_copy["films"])


def without_a_name() -> None:
    """With `args=(Manager().dict(),)`, only the proxy in the arguments refers to the manager.
    When the process has been started, the parent drops the arguments. Nothing refers to the
    manager any more, so Python ends it:
    """
    shown("manager-ended/no_name", "args=(Manager().dict(), ended", "Output\nFileNotFoundError")
    ratings = Manager().dict(Alien=5)
    assert ratings.copy() == {"Alien": 5}  # the proxy keeps its manager
    process = ratings._manager._process  # type: ignore[attr-defined]
    critic = Process(target=_rate, args=(ratings,))
    critic.start()
    critic.join()
    assert process.is_alive()
    assert not hasattr(critic, "_args")
    del ratings
    process.join()


def write_with() -> None:
    """Write `with Manager() as manager:` instead, as above."""
    no_fact("advice")


def it_breaks() -> None:
    """The worker has used its proxy before, so it has a connection, which is broken now:"""
    shown("manager-ended/used_before", 'ratings["Alien"] = 5\n    parent.send', "BrokenPipeError")


def while_it_waits() -> None:
    """The manager ends while a call waits for its answer:"""
    shown("manager-ended/during_call", "while start.n_waiting == 0", "Output\nEOFError")


def no_process_listens() -> None:
    """The manager listened at a port, where no process listens any more:"""
    shown("manager-ended/by_port", 'address=("127.0.0.1", 0)', "Error: ConnectionRefusedError")


def of_a_pool() -> None:
    """With the line `put((job, i, result))` above it, the error has nothing to do with a manager:
    the parent of a `Pool` was killed, or ended by `os._exit()`.
    """
    from tests.claims import ctrl_c

    if told := ctrl_c._result_for_nobody():
        assert "put((job, i, result))" in told
        assert told.endswith("BrokenPipeError: [Errno 32] Broken pipe\n")


def on_windows() -> None:
    """The remedy is the same."""
    no_fact("the manager has ended there, too")


ENDED_WITHOUT_WAITING = """
from multiprocessing import Manager
from multiprocessing.connection import Client

if __name__ == "__main__":
    manager = Manager()
    with Client(manager.address, authkey=manager._authkey) as connection:
        connection.send((None, "shutdown", (), {}))
    manager._process.join()
    print(manager._process.exitcode)
"""


def printed_by_the_manager() -> None:
    """If the traceback is printed by the manager itself, with the line `c.send(('#RETURN', None))`
    in `shutdown` above `BrokenPipeError`, it does no harm: the process that told the manager to end
    did not wait for the answer, for example because it was interrupted or killed at that moment.
    The manager ends all the same.
    """
    if sys.platform == "linux":
        for _ in range(100):  # the manager may answer before the connection is closed
            outcome = script(ENDED_WITHOUT_WAITING)
            assert outcome.stdout == "0\n", outcome.stderr
            if outcome.stderr:
                break
        assert "c.send(('#RETURN', None))" in outcome.stderr
        assert "BrokenPipeError" in outcome.stderr
