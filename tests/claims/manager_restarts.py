"""What docs/pitfalls/manager-restarts.md says."""

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import AuthenticationError, active_children, get_start_method
from multiprocessing.managers import BaseManager, RemoteError, SyncManager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from tests.claims import SURE, changed, no_fact, raises, shown

IS_POSIX = sys.platform != "win32"
PLACE = "manager-restarts/"


def _run(
    *changes: tuple[str, str],
    calls: tuple[tuple[str, str], ...] = (),
    orders: tuple[tuple[str, str], ...] = (),
) -> tuple[str, int]:
    """What the program prints, and how it ends, with other text in it or in its modules."""
    with TemporaryDirectory() as folder:
        for name, edits in ("orders", orders), ("calls", calls), ("restarted", changes):
            Path(folder, f"{name}.py").write_text(changed(PLACE + name, *edits), "utf-8")
        ran = subprocess.run(
            [sys.executable, str(Path(folder, "restarted.py"))],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False,
        )  # fmt: skip
        return ran.stdout, ran.returncode


@contextmanager
def _started() -> Iterator[SyncManager]:
    """A manager in a folder of its own; the check ends it."""
    with TemporaryDirectory() as folder:
        manager = SyncManager(os.path.join(folder, "socket"))
        manager.start()
        yield manager


def _kill(manager: SyncManager) -> None:
    """Kill its process; the socket file stays."""
    process = manager._process  # type: ignore[attr-defined]
    process.kill()
    process.join()


def _remove(manager: SyncManager) -> None:
    """Kill its process, and remove the socket file."""
    _kill(manager)
    assert isinstance(manager.address, str)
    os.unlink(manager.address)


def what_to_do() -> None:
    """Let the server save each change to a file before it answers, and start the server again when
    it has died. Clients connect again for each try, without old proxies. Repeat only calls that may
    run twice.
    """
    no_fact("advice")


def what_you_see() -> None:
    """Each call raises one of these connection errors, also after the manager was started again.
    Nothing starts it for you.

    The old data, `Alien=5`, are gone.

    Lost | every object in it | no order that was saved
    """
    shown(f"{PLACE}same_address", "Before: {'Alien': 5}\nThe old proxy: a connection error\n")
    shown(f"{PLACE}same_address", "Without the old one: {'Brazil': 4}")
    shown(f"{PLACE}restarted", "started 3 times\nSold: 20")
    if IS_POSIX:
        with _started() as manager:
            _remove(manager)
            assert active_children() == []


def what_is_kept() -> None:
    """Kept | what workers have copied | every order that was saved"""
    shown(f"{PLACE}restarted", "started 3 times\nSold: 20")
    if IS_POSIX:
        with _started() as manager:
            copied = manager.dict(Alien=5).copy()
            _remove(manager)
            assert copied == {"Alien": 5}


def not_known() -> None:
    """Not known | whether the call that failed has run | the same

    No error tells whether the server has run a call: it may have died before that, or after that
    and before the answer.
    """
    shown(f"{PLACE}restarted", "super().save(sold)\n        if len(sold) in (3, 6):", "Sold: 20")
    if IS_POSIX:
        saves_first = "        super().save(sold)\n        if len(sold) in (3, 6):\n"
        dies_first = (
            '        flag = self.path.with_name("flag")\n'
            "        if len(sold) < 3 or flag.exists():\n            return super().save(sold)\n"
            "        flag.touch()\n        if True:\n"
        )
        assert _run((saves_first, dies_first)) == ("The server was started 2 times\nSold: 20\n", 0)


def it_stays() -> None:
    """What a killed process has written to a file stays: the system has it. Only if the system
    itself crashes or loses power can it be lost, unless you call `os.fsync`.
    """
    shown(f"{PLACE}restarted", "os.kill(os.getpid(), 9)", "Sold: 20")
    shown(f"{PLACE}orders", "new.write_text(json.dumps(sold)", "os.replace(new, self.path)")


def one_connection() -> None:
    """A thread keeps one connection for all proxies of an address. Only a thread that deletes the
    last of these proxies in the process closes its connection. Until then, a new proxy of the same
    address uses the broken connection, too, unless `shutdown()` of the old manager was called in
    the same process.
    """
    shown(f"{PLACE}same_address", "A new proxy: a connection error\nWithout the old one: {'Brazil'")
    shown(f"{PLACE}same_address", "del ratings, new")
    with SyncManager() as manager:
        one, other = manager.dict(Alien=5), manager.list()
        one.copy()
        other.append(1)
        assert one._tls is other._tls  # type: ignore[attr-defined]
    if IS_POSIX:
        with _started() as first:
            old = first.dict(Alien=5)
            old.copy()
            _remove(first)
            with SyncManager(first.address) as second:
                with raises(ConnectionError, EOFError):
                    second.dict(Brazil=4).copy()
                first.shutdown()
                assert second.dict(Brazil=4).copy() == {"Brazil": 4}
            del old


def from_another_thread() -> None:
    """From a thread that has no connection to the address yet, an old proxy reaches the new server.
    If that has no object with the same identifier, the call raises `RemoteError`, with a
    `KeyError`.
    """
    if not IS_POSIX:
        return
    told: list[str] = []

    def look() -> None:
        try:
            ratings.copy()
        except RemoteError as error:
            told.append(str(error))

    with _started() as first:
        ratings = first.dict(Alien=5)
        ratings.copy()
        _remove(first)
        with SyncManager(first.address):
            thread = Thread(target=look)
            thread.start()
            thread.join()
    assert len(told) == 1 and "KeyError" in told[0]


def another_object() -> None:
    """Under `fork` and `forkserver`, another object can have that identifier, and then the call
    reads or changes this object.
    """
    if not IS_POSIX or get_start_method() == "spawn":
        return
    found: list[dict[str, int]] = []

    def look(proxy: Any) -> None:
        proxy["changed"] = 1
        found.append(proxy.copy())

    old: dict[str, Any] = {}
    with TemporaryDirectory() as folder:
        address = os.path.join(folder, "socket")
        for number in range(50):
            manager = SyncManager(address)
            manager.start()
            new: dict[str, Any] = {}
            while len(new) < 20:
                proxy: Any = manager.dict(number=number)
                new[proxy._id] = proxy
            for ident in old.keys() & new.keys():
                thread = Thread(target=look, args=(old[ident],))
                thread.start()
                thread.join()
                assert found == [{"number": number, "changed": 1}]
                break
            _remove(manager)
            old |= new
            if found:
                break
    assert found


def the_server() -> None:
    """The server keeps the orders in a file. An order that it knows is not counted again, so a
    client may repeat the call. The first line of `serve` removes the socket file, which a killed
    server leaves behind.
    """
    shown(f"{PLACE}orders", "if number not in self.sold:", "Sold: 2\nAfter a restart: 2")
    shown(f"{PLACE}orders", "kind):\n    Path(address).unlink(missing_ok=True)")
    if IS_POSIX:
        with TemporaryDirectory() as folder:
            manager = SyncManager(os.path.join(folder, "socket"))
            manager.start()
            _kill(manager)
            assert os.listdir(folder) == ["socket"]
            with raises(OSError, text="Address already in use"):
                BaseManager(os.path.join(folder, "socket"), b"key").get_server()


def numbers_are_strings() -> None:
    """Let the numbers of the orders be strings: JSON makes a string of the key `17`, so after a
    restart the order 17 would be counted again.
    """
    text = changed(f"{PLACE}orders")
    with TemporaryDirectory() as folder:
        names: dict[str, Any] = {"__name__": "orders"}
        exec(text, names)
        for number, sold in (17, 4), ("17", 2):
            path = Path(folder, f"{type(number).__name__}.json")
            assert names["Orders"](path).sell(number, 2) == 2
            assert names["Orders"](path).sell(number, 2) == sold


def the_client() -> None:
    """The client connects for each try, and gets a new proxy. When a try has ended, its proxy is
    deleted, and with it the connection; `gc.collect()` deletes a proxy that an earlier error still
    keeps. After the time limit, the error is raised.
    """
    shown(f"{PLACE}calls", "raise\n        gc.collect()")
    shown(f"{PLACE}calls", "client.connect()\n            return getattr(client.orders(), method)")
    shown(f"{PLACE}calls", "limit=0.2)\n        except FileNotFoundError", "No server has come")
    with SyncManager() as manager:
        ratings = manager.dict()
        ratings.copy()
        tls = ratings._tls  # type: ignore[attr-defined]
        assert hasattr(tls, "connection")
        del ratings
        assert not hasattr(tls, "connection")
        ratings = manager.dict()
        try:
            ratings["Alien"]
        except KeyError as error:
            kept = [error]
            kept.append(kept)  # type: ignore[arg-type]
        del ratings
        assert hasattr(tls, "connection")
        del kept
        gc.collect()
        assert not hasattr(tls, "connection")


def without_a_limit() -> None:
    """A server that is stopped or does not answer is waited for without a limit."""
    if IS_POSIX:
        with SyncManager() as manager:
            process = manager._process  # type: ignore[attr-defined]
            caller = Thread(target=BaseManager(manager.address).connect)
            os.kill(process.pid, signal.SIGSTOP)
            try:
                caller.start()
                caller.join(SURE)
                assert caller.is_alive()
            finally:
                os.kill(process.pid, signal.SIGCONT)
            caller.join()


def the_program() -> None:
    """The program imports both. It waits for the server and the seller at once, and starts the
    server again when it has ended. Here the server kills itself after it has saved the third order,
    and after the sixth, in both cases before it answers:

    The seller has repeated two orders that were saved, and they were counted once.
    """
    shown(f"{PLACE}restarted", "from calls import call\nfrom orders import Orders, serve")
    shown(f"{PLACE}restarted", "wait([server.sentinel, seller.sentinel])", "len(sold) in (3, 6)")
    shown(f"{PLACE}restarted", "The server was started 3 times\nSold: 20")
    if IS_POSIX:
        counts_each = (
            ("if number not in self.sold:", "if True:"),
            ("{number: count}", '{f"{number}, {len(self.sold)}": count}'),
        )
        assert _run(orders=counts_each) == ("The server was started 3 times\nSold: 26\n", 0)


def it_gives_up() -> None:
    """After nine starts, the program gives up: the seller fails at its time limit, and the exit
    status is 1. So it is if the seller itself fails or is killed.
    """
    if IS_POSIX:
        saves = "        super().save(sold)\n        if len(sold) in (3, 6):\n"
        told, status = _run(
            (saves, '        if not print("dies", flush=True):\n'), calls=(("limit=60", "limit=5"),)
        )
        assert 1 <= told.count("dies\n") <= 9
        assert "Sold" not in told and status == 1
        for fails in "raise ValueError", "os.kill(os.getpid(), 9)":
            assert _run(("    for number in range(10):", f"    {fails}\n    for _ in ():")) == (
                "",
                1,
            )


def a_folder_of_your_own() -> None:
    """To keep the orders when the program itself is started again, use a folder of your own.

    For many calls, keep one proxy, and after an error delete it before you connect again.
    """
    no_fact("advice")


def only_one_thread() -> None:
    """In a process with several threads, let only one of them call the server."""
    from concurrent.futures import ThreadPoolExecutor

    if not IS_POSIX:
        return
    with _started() as first, ThreadPoolExecutor(1) as thread:
        ratings = [first.dict(Alien=5)]
        assert thread.submit(lambda: ratings[0].copy()).result() == {"Alien": 5}
        _remove(first)
        ratings.clear()  # here, not in the thread, whose connection stays
        gc.collect()
        with SyncManager(first.address) as second:
            ratings.append(second.dict(Brazil=4))
            assert ratings[0].copy() == {"Brazil": 4}
            with raises(ConnectionError, EOFError):
                thread.submit(lambda: ratings[0].copy()).result()
            thread.submit(ratings.clear).result()
            ratings.append(second.dict(Brazil=4))
            assert thread.submit(lambda: ratings[0].copy()).result() == {"Brazil": 4}


def the_same_key() -> None:
    """A new server must have the old key, or the clients get `AuthenticationError`."""
    shown(f"{PLACE}restarted", "start(serve, *place, Killed)")
    with SyncManager(authkey=b"new") as manager, raises(AuthenticationError):
        BaseManager(manager.address, b"old").connect()


def if_the_program_is_killed() -> None:
    """If the program is killed, the server goes on: let it end with its parent."""
    shown("end-with-parent/terminated", "parent_process().join()")


def which_may_be_repeated() -> None:
    """reads, and `dict[key] = value` | yes, if no other process changes the same key

    `append`, `put`, `+= 1` | no: it may count twice; give each change a number, as above

    `get()` of a queue | the items are gone with the server

    `acquire()` of a lock | the new lock is free, although a process may still do what the old one
    protected
    """
    if IS_POSIX:
        with _started() as first:
            queue, lock = first.Queue(), first.Lock()
            queue.put("order")
            assert lock.acquire()
            _remove(first)
            del queue, lock
            with SyncManager(first.address) as second:
                assert second.Queue().empty()
                assert second.Lock().acquire(False)


def or_sqlite() -> None:
    """If the state is more than one small file, use SQLite: its transactions survive a killed
    process, and there is no server that can die.
    """
    no_fact("advice; the page that it links to has the proof")
