"""What docs/examples/object-on-a-server.md says."""

import os
import pickle
import signal
import socket
import sqlite3
import sys
import threading
from multiprocessing import Pool, Process, Value, active_children, get_start_method
from multiprocessing.managers import BaseManager
from pathlib import Path
from runpy import run_path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from tests.claims import ROOT, SURE, TIME_LIMIT, changed, no_fact, raises, script, shown
from tests.claims._starts import MANAGER_ENDS, MANAGER_STARTS, SIGTERM, SIGTERM_AT_A_FORK, waits

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

    from examples._runner import Outcome

CACHE = ROOT / "examples" / "object-on-a-server" / "cache.py"


class _Box:
    """What is kept in the server: a lock, and a list of what is done."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._both = threading.Barrier(2)
        self._holding, self._let_go = threading.Event(), threading.Event()
        self._items: list[str] = []
        self.size = 7

    def meet(self) -> tuple[int, int]:
        """Wait for a call at the same time; give the process and the thread."""
        self._both.wait(TIME_LIMIT)
        return os.getpid(), threading.get_ident()

    def hold(self) -> None:
        """Hold the lock until `let_go` is called."""
        with self._lock:
            self._holding.set()
            self._let_go.wait(TIME_LIMIT)
            self._items.append("to its end")

    def wait_until_held(self) -> bool:
        """Wait for `hold`."""
        return self._holding.wait(TIME_LIMIT)

    def let_go(self) -> None:
        """Let `hold` go on."""
        self._let_go.set()

    def is_free(self, seconds: float) -> bool:
        """Whether the lock can be acquired within the time."""
        if free := self._lock.acquire(timeout=seconds):
            self._lock.release()
        return free

    def items(self) -> list[str]:
        """What was done."""
        return self._items


class _Database:
    """A connection to a database, which cannot be pickled."""

    def __init__(self, check_same_thread: bool) -> None:
        self._connection = sqlite3.connect(":memory:", check_same_thread=check_same_thread)
        self._lock = threading.Lock()

    def add(self, first: int, second: int) -> int:
        """The sum, as the database computes it."""
        with self._lock:
            found: tuple[int] = self._connection.execute("SELECT ? + ?", (first, second)).fetchone()
            return found[0]


class _Pickled:
    """An argument of a task that counts in the parent how often it is pickled."""

    count = 0

    def __call__(self, number: int) -> int:
        return number + 1

    def __reduce__(self) -> tuple[type["_Pickled"], tuple[()]]:
        _Pickled.count += 1
        return _Pickled, ()


class _Manager(BaseManager):
    """The manager of the checks."""


_Manager.register("Box", _Box)
_Manager.register("Database", _Database)


def _box(manager: _Manager) -> Any:
    return manager.Box()  # type: ignore[attr-defined]


def _hold(box: Any) -> None:
    box.hold()


def _meet(box: Any) -> tuple[int, int, int]:
    process, thread = box.meet()
    return process, thread, os.getpid()


def _cache(line: str, fault: str, first: str = "") -> "Outcome":
    """Run a program of the page with a fault before a line."""
    return script(first + changed("object-on-a-server/cache", (line, fault + line)))


def one_method_with_a_lock() -> None:
    """To share an object of your own class between processes, keep it in a server process with
    a `BaseManager`, and give its proxy to the workers. Make each decision one method of the
    object, and let that method hold a lock.

    `take` looks and takes, and returns whether it took anything. So 7 lamps fill three orders
    of 2, whichever clerk comes first, and no lamp is sold twice.
    """
    shown(
        "object-on-a-server/warehouse",
        "WarehouseManager(BaseManager)",
        "with self._lock:\n            if self._stock[item] < number:",
        '{"lamp": 7',
        'map(take, ["lamp"] * 5, twos)',
        "Lamp orders filled: 3 of 5",
        "Chair orders filled: 5 of 5",
    )


def the_server() -> None:
    """Each process has memory of its own. `start()` starts one more process, the server, and the
    `Inventory` is kept there. `register` tells the manager how to make an `Inventory`.

    The server runs the calls of different processes in different threads, at the same time.

    Each call is a message to the server and back, and all calls run in one process: do heavy
    work in the workers, not in the object.
    """
    before = {child.pid for child in active_children()}
    with _Manager() as manager:
        (server,) = {child.pid for child in active_children()} - before
        box = _box(manager)
        with Pool(2) as pool:
            seen = pool.map(_meet, [box] * 2, chunksize=1)
        processes, threads, workers = map(set, zip(*seen, strict=True))
        assert processes == {server}
        assert (len(threads), len(workers)) == (2, 2)
        assert not workers & {server, os.getpid()}
    with raises(AttributeError):
        BaseManager().Inventory  # type: ignore[attr-defined]  # noqa: B018


def _say(device: socket.socket) -> None:
    device.send(b"child")


def it_belongs_to_one_process() -> None:
    """A browser of Selenium or Playwright, a serial port, a GPIO pin, a camera, a chat client or a
    model on a GPU belongs to the process that opened it. It cannot be pickled, and a forked copy of
    it talks to the same browser or device as the parent, without knowing what the parent does.
    """
    device, other_end = socket.socketpair()  # stands for them
    with device, other_end:
        with raises(TypeError, text="cannot pickle"):
            pickle.dumps(device)
        if get_start_method() == "fork":
            process = Process(target=_say, args=(device,))
            process.start()
            process.join()
            device.send(b" and parent")
            device.close()
            assert other_end.makefile("rb").read() == b"child and parent"


def who_opens_it() -> None:
    """If several may be open at the same time, such as browsers or clients, let each worker open
    its own: in the initializer of a pool, or at the top of the target of a `Process`.

    If there can be only one, such as a pin (another process gets `GPIO busy`), open it in one
    process, and nowhere else. The others call its methods through a manager, as above. Start the
    manager first, so that the device is opened in its process, and not before the fork.

    For values that change all the time, such as the state of a pin, let the owner write them to a
    `Value`: the others read it without asking.
    """
    no_fact("advice")


class _Pin:
    """What writes its state to the Value that the manager's process has got."""

    def write(self, state: "Synchronized[int]") -> None:
        """Have it as an argument."""

    def change(self) -> None:
        _owned[0].value = 5


_owned: "list[Synchronized[int]]" = []


class _Pins(BaseManager):
    pass


_Pins.register("Pin", _Pin)


def _own(state: "Synchronized[int]") -> None:
    _owned.append(state)


def _read(state: "Synchronized[int]") -> None:
    sys.exit(state.value)


def a_value_of_the_owner() -> None:
    """The process of a manager gets the `Value` by `start(initializer, (value,))`. As an argument
    of a method, it raises `RuntimeError`.
    """
    state = Value("i", 0)
    manager = _Pins()
    manager.start(_own, (state,))
    with manager:
        pin: Any = getattr(manager, "Pin")()  # noqa: B009
        with raises(RuntimeError, text="through inheritance"):
            pin.write(state)
        pin.change()
        assert state.value == 5
        reader = Process(target=_read, args=(state,))
        reader.start()
        reader.join()
        assert reader.exitcode == 5


def all_calls_in_one_thread() -> None:
    """If the library wants all calls in one thread, a manager does not fit, because its server
    answers in several. Let a process of yours read a queue of requests, and answer each through a
    `Pipe`.
    """
    with _Manager() as manager, Pool(2) as pool:
        seen = pool.map(_meet, [_box(manager)] * 2, chunksize=1)
    assert len({thread for _, thread, _ in seen}) == 2


def a_proxy() -> None:
    """`inventory` is a proxy, which can be sent to the workers, here the three clerks of an
    executor. `inventory.take` is a method of the proxy: the workers call it as if they had the
    object.
    """
    shown(
        "object-on-a-server/warehouse", "Executor(3, None, watch_parent) as clerks", "clerks.map("
    )
    shown("object-on-a-server/warehouse", "take, twos = inventory.take, [2] * 5")


def the_lock_of_the_object() -> None:
    """Only one thread at a time can hold the `threading.Lock` of the object, and the others
    wait. So each method that holds this lock is one step.

    The server holds the lock, not the worker: if a worker is killed during a call, the call
    still runs to its end, and the lock is released. But nobody gets the answer: the lamps that
    such a call has taken are missing from the stock.

    The lock is held during one call. Between two calls it is free, and a call of another
    process can come in between.
    """
    with _Manager() as manager:
        box = _box(manager)
        assert box.is_free(0)
        worker = Process(target=_hold, args=(box,))
        worker.start()
        assert box.wait_until_held()
        assert not box.is_free(SURE)
        worker.kill()
        worker.join()
        assert not box.is_free(0)
        box.let_go()
        assert box.is_free(TIME_LIMIT)
        assert box.items() == ["to its end"]


def after_the_block() -> None:
    """The clerks are used inside the `with` block. When the block ends, the server ends, and a
    proxy that is used after that fails.
    """
    with _Manager() as manager:
        box = _box(manager)
        assert len(active_children()) == 1
    assert not active_children()
    with raises(OSError, EOFError):
        box.items()


def a_time_limit() -> None:
    """If one of them may be stopped, or may never answer, set a time limit."""
    no_fact("advice")


def a_worker_fails() -> None:
    """If a worker or the server fails, the program ends with an error.

    If a method or a task raises an exception, the executor raises it again in the parent. If a
    worker is killed during a task, it raises `BrokenProcessPool`, where a `Pool` waits forever.
    If the server is killed, the next call raises an error of the connection. In all three cases
    the program ends the other processes, prints the error, and ends with exit status 1. If a task
    calls `sys.exit(3)`, the parent ends with status 3 and no message.
    """
    line = "    return amount * cache.rate"
    method = "            if currency not in"
    for place, fault, status, told in (
        (method, "            raise ValueError(currency)\n", 1, "ValueError: EUR\n"),
        (line, "    os._exit(1)\n", 1, "BrokenProcessPool: "),
        (method, "            os._exit(1)\n", 1, "Error"),
        (line, "    raise SystemExit(3)\n", 3, ""),
    ):
        ended = _cache(place, fault)
        assert (ended.stdout, ended.status) == ("", status)
        assert told in ended.stderr if told else ended.stderr == ""
    shown("killed-worker/pool_hangs", "os._exit(1)", "still running after 5 s")


def ended_by_a_signal() -> None:
    """At SIGTERM, the parent raises `KeyboardInterrupt`, as at Ctrl-C, so the `with` block ends
    the workers and the server. `watch_parent` resets this handler, which a process inherits under
    `fork`, and lets the workers and the server end when their parent is killed. Only the socket of
    the server remains then, in a folder `pymp-...` of the temporary directory, and under
    `forkserver` also that of the fork server.
    """
    both = get_start_method() == "forkserver"
    line = '        print("Dollars:"'
    for number, status, left in (
        (signal.SIGTERM, -signal.SIGINT, 0),
        (signal.SIGKILL, -signal.SIGKILL, 2 if both else 1),
    ):
        fault = f"        os.kill(os.getpid(), {number})\n"
        with TemporaryDirectory() as folder:
            ended = _cache(line, fault, f"import tempfile\ntempfile.tempdir = {folder!r}\n")
            assert (ended.stdout, ended.status) == ("", status)
            assert left == len(list(Path(folder).glob("pymp-*/*")))
    shown("object-on-a-server/warehouse", "signal.signal(signal.SIGTERM, signal.SIG_DFL)\n")
    shown("object-on-a-server/warehouse", "manager.start(watch_parent)", "None, watch_parent)")


def a_signal_comes_early_or_late() -> None:
    """A signal that comes while the processes start or end can have no effect, or make the program
    wait forever.
    """
    if get_start_method() == "fork":
        program = "object-on-a-server/warehouse"
        ignored = script(changed(program, ("def main():\n", SIGTERM_AT_A_FORK)))
        assert ignored.stdout == "Lamp orders filled: 3 of 5\nChair orders filled: 5 of 5\n"
        assert (ignored.status, "Exception ignored" in ignored.stderr) == (0, True)
    for place in MANAGER_STARTS, MANAGER_ENDS:
        assert waits(changed("object-on-a-server/warehouse"), place, SIGTERM)


def another_page() -> None:
    """The page Custom manager has the parameters of `register`."""
    no_fact("a pointer to another page")


def two_calls() -> None:
    """Here both customers see one lamp, and then both take it. The `Barrier` makes each customer
    wait until both have looked, so this happens every time.
    """
    shown(
        "object-on-a-server/two_calls",
        "inventory.lamps() > 0\n    both_are_here.wait()\n    if there_is_one:",
        "manager.Inventory(1)",
        "Bought: [True, True]",
    )


def the_other_waits() -> None:
    """A customer that fails before its `wait()` would leave the other waiting at the barrier. So
    the parent calls `abort()` when the first task has failed, and the other customer gets a
    `BrokenBarrierError`, as it does after 60 seconds, because an executor may notice late that a
    worker was killed.
    """
    wait, end = "    both_are_here.wait()\n", "barrier.abort()  # no customer waits for the other\n"
    shown("object-on-a-server/two_calls", wait, end)
    fails = "    if inventory.take_if_any():\n        raise ValueError('no money')\n"
    seen = "            print(sorted(type(task.exception()).__name__ for task in tasks))\n"
    program = changed("object-on-a-server/one_call", (wait, fails + wait), (end, end + seen))
    ended = script(program)
    assert (ended.stdout, ended.status) == ("['BrokenBarrierError', 'ValueError']\n", 1)
    assert ended.stderr.endswith("ValueError: no money\n")
    for program in "one_call", "two_calls":
        shown(f"object-on-a-server/{program}", "manager.Barrier(2, timeout=60)")
    method = "    def take_if_any(self):\n"
    second = (
        "    def comes_first(self):\n"
        "        with self._lock:\n"
        "            self.came = getattr(self, 'came', 0) + 1\n"
        "            return self.came == 1\n\n"
    )
    dies = "    if not inventory.comes_first():\n        os._exit(9)\n"
    ended = script(
        changed(
            "object-on-a-server/one_call",
            ("import signal\n", "import os\nimport signal\n"),
            (method, second + method),
            (wait, dies + wait),
            ("timeout=60", "timeout=1"),
        )
    )
    assert (ended.stdout, ended.status) == ("", 1)
    assert "BrokenBarrierError" in ended.stderr or "BrokenProcessPool" in ended.stderr


def for_production() -> None:
    """For production, give these two programs the `watch_parent` of the first one, too."""
    no_fact("advice")


def one_call() -> None:
    """The fix is one method that does both:"""
    shown("object-on-a-server/one_call", "def take_if_any", "Bought: [False, True]")


def a_lock_around_both() -> None:
    """If the steps must remain separate calls, make a `multiprocessing.Lock`, pass it to every
    worker, in a pool through the initializer, and hold it around both calls, as for a manager's
    dict.
    """
    shown("pool-argument/with_initializer", "initargs=(counter,)", "Downloads done: 3")
    shown("race/manager_dict_fixed", 'with lock:\n        sold["concert"] += 1', "sellers: 4")


def fetched_once() -> None:
    """The rate is fetched once, although four bills ask for it in three workers: the
    lock is held during the fetch, and every later call finds the rate in the cache. Each
    fetch, `next(self._bank)`, returns another rate, so the output shows that there was only
    one fetch.
    """
    shown(
        "object-on-a-server/cache",
        "ProcessPoolExecutor(3,",
        "[100, 8, 40, 100]",
        "with self._lock:\n            if currency not in self._rates:",
        "iter([1.25, 1.5, 1.75, 2.0])",
        "Dollars: [125.0, 10.0, 50.0, 125.0]",
    )


def a_proxy_as_an_argument() -> None:
    """A proxy can be an argument of a task; a `Value` or a `Lock` cannot."""
    shown("object-on-a-server/cache", "pool.map(in_dollars, [cache] * 4, amounts)", "Dollars: [12")
    shown("pool-argument/every_message", "Lock:\n  RuntimeError: Lock objects")
    shown("pool-argument/value_as_argument", "exit status 1", "RuntimeError: Synchronized")


def everyone_waits() -> None:
    """The price: while one rate is fetched, every other call of `rate` waits, even if it asks
    for another currency.
    """
    cache = run_path(str(CACHE))["RateCache"]()
    cache.rate("USD")
    fetching, go_on = threading.Event(), threading.Event()

    def fetch() -> Any:
        fetching.set()
        go_on.wait(TIME_LIMIT)
        yield 1.5

    cache._bank = fetch()
    first = threading.Thread(target=cache.rate, args=("EUR",))
    first.start()
    assert fetching.wait(TIME_LIMIT)
    second = threading.Thread(target=cache.rate, args=("USD",))
    second.start()
    second.join(SURE)
    assert second.is_alive()
    go_on.set()
    second.join()
    first.join()


def a_lock_for_each() -> None:
    """If that is too slow, use a cache in files: there, different keys are computed at the same
    time, and the results remain after the program.
    """
    shown("shared-cache/shared_cache", "hexdigest()[:2]", "connect(path,", "BEGIN IMMEDIATE")


def it_cannot_be_pickled() -> None:
    """An object that cannot be pickled, such as an open session or a database connection, can be
    kept in a server as well. The object stays there, and only arguments and results are sent.
    It is used in several threads: a `sqlite3` connection needs `check_same_thread=False`, and
    then a lock around each use.
    """
    with _Manager() as manager, Pool(1) as pool:
        database = manager.Database(check_same_thread=False)  # type: ignore[attr-defined]
        assert pool.apply(database.add, (3, 4)) == 7
        with raises(TypeError, text="pickle"):
            pool.apply(len, (sqlite3.connect(":memory:"),))
        other = manager.Database(check_same_thread=True)  # type: ignore[attr-defined]
        with raises(sqlite3.ProgrammingError, text="same thread"):
            other.add(3, 4)  # one of the two comes in a thread that did not make it
            pool.apply(other.add, (3, 4))


def five_in_each_hour() -> None:
    """All workers together are allowed five calls in each hour. `allow` answers at once; for
    workers that wait for their turn, and without ten calls at the turn of an hour, use a limiter in
    shared memory.
    """
    limiter = run_path(str(CACHE.with_name("rate_limit.py")))["RateLimiter"](5)
    assert [limiter.allow(hour) for hour in [9] * 5 + [10] * 5] == [True] * 10
    shown(
        "object-on-a-server/rate_limit",
        "manager.RateLimiter(5)",
        "ProcessPoolExecutor(4,",
        "At nine: 5 of 8\nAt ten: 3 of 3",
    )


def sent_with_each_task() -> None:
    """Here the proxy is sent to a worker with each task."""
    from concurrent.futures import ProcessPoolExecutor

    shown("object-on-a-server/rate_limit", "pool.map(limiter.allow, [9] * 8)")
    with ProcessPoolExecutor(1) as pool:
        assert list(pool.map(_Pickled(), [9] * 8)) == [10] * 8
    assert _Pickled.count == 8


def sent_once() -> None:
    """To send it to each worker only once, use the initializer of the pool."""
    shown("pool-argument/with_initializer", "initargs=(counter,)", "Downloads done: 3")


def no_attributes() -> None:
    """An attribute of the object cannot be read through the proxy, and setting it changes
    nothing in the server: write a method.
    """
    with _Manager() as manager:
        box = _box(manager)
        with raises(AttributeError, text="size"):
            box.size  # noqa: B018
    shown("custom-manager/attribute", "thermostat.target = 21", "Set on the proxy: 18")


def without_a_lock() -> None:
    """Without a lock in the object, two calls can lose an update."""
    shown("custom-manager/unlocked", "Tickets sold by two sellers: 1")


def a_copy() -> None:
    """What a method returns arrives as a copy, and a change to it does not reach the server.

    If Ctrl-C or another exception interrupts a call, and the worker goes on, its next call
    returns the answer to the interrupted one.
    """
    with _Manager() as manager:
        box = _box(manager)
        box.items().append("changed")
        assert box.items() == []
        box._tls.connection.send((box._id, "items", (), {}))  # as a call that is interrupted does
        assert box.is_free(0) == []
        assert box.items() is True


def one_process_receives() -> None:
    """Let one process receive, and hand long work to a pool."""
    no_fact("advice")
