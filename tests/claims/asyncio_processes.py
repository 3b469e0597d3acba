"""What docs/examples/asyncio-processes.md says."""

import asyncio
import inspect
import os
import pickle
import signal
import socket
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import (
    Array,
    Lock,
    Pipe,
    Process,
    Queue,
    RLock,
    SimpleQueue,
    Value,
    active_children,
    get_start_method,
    parent_process,
)
from multiprocessing.connection import Connection
from pickle import PicklingError
from typing import Any

from tests.claims import PAUSE, TIME_LIMIT, changed, no_fact, on, raises, script, shown
from tests.claims._starts import CTRL_C as PRESSED
from tests.claims._starts import IN_A_SUBMIT, waits

CTRL_C = """
import asyncio
import signal
from multiprocessing import Pipe

async def main():
    receiver, sender = Pipe(duplex=False)
    asyncio.get_running_loop().call_soon(signal.raise_signal, signal.SIGINT)
    try:
        await asyncio.to_thread(receiver.recv)
    except asyncio.CancelledError:
        print("canceled", flush=True)
        raise

asyncio.run(main())
"""


IMPORTS = "import asyncio\nimport os"
_parent: Connection  # of a worker: its initializer sets it


def _fail(number: int) -> None:
    raise ValueError(f"{number} in a child: {parent_process() is not None}")


def _is_set(event: asyncio.Event, connection: Connection) -> None:
    connection.send("started")
    connection.recv()
    connection.send(event.is_set())


def _seven() -> int:
    return 7


def _stop() -> None:
    next(iter(()))


def _answer(connection: Connection, *, reset: bool = False) -> None:
    """Send back what comes; with `reset`, SIGTERM has its default again, after a first one."""
    if reset:
        signal.raise_signal(signal.SIGTERM)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
    connection.send("started")
    while (message := connection.recv()) != "end":
        connection.send(message)


def _connect(connection: Connection) -> None:
    global _parent
    _parent = connection


def _work() -> None:
    _parent.send("begun")
    _parent.recv()
    _parent.send("done")


async def _give_up(call: "asyncio.Future[Any]") -> None:
    """Wait for it a moment, and then no longer."""
    with raises(TimeoutError):
        await asyncio.wait_for(call, 0.05)


def heavy_work() -> None:
    """To combine asyncio with processes, send heavy work to a `ProcessPoolExecutor` with
    `loop.run_in_executor()`, and `await` the result.

    `run_in_executor` sends the function and its arguments to a worker, and returns an awaitable.

    `gather` returns the results in the order of the tasks.
    """
    shown("asyncio-processes/executor", "import ProcessPoolExecutor as Executor")
    shown("asyncio-processes/executor", "loop.run_in_executor(executor, price, basket)")
    shown("asyncio-processes/executor", "[[3, 4], [5, 6], [7]]", "Output\n[7, 11, 7]")


def one_thread() -> None:
    """asyncio runs all coroutines in one thread, one at a time. What runs them is the event loop.
    A function that computes for a second blocks the event loop: no other coroutine runs during
    that second.
    """
    threads, running, most = set(), 0, 0

    async def run() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        threads.add(threading.get_ident())
        sum(range(100_000))
        running -= 1

    async def main() -> None:
        await asyncio.gather(*(run() for _ in range(3)))

    asyncio.run(main())
    assert (len(threads), most) == (1, 1)


def meanwhile() -> None:
    """Meanwhile the event loop runs other coroutines.

    If the function raises an exception in the worker, `await` raises it. A `StopIteration`
    becomes a `RuntimeError`; before Python 3.13, `await` may wait forever instead.
    """

    async def main() -> list[str]:
        done = []

        async def fail() -> None:
            with raises(ValueError, text="7 in a child: True"):
                await asyncio.get_running_loop().run_in_executor(executor, _fail, 7)
            if on("Python 3.13.0 and later"):
                with raises(RuntimeError, text="StopIteration"):
                    await asyncio.get_running_loop().run_in_executor(executor, _stop)
            done.append("failed")

        async def other() -> None:
            done.append("other")

        with ProcessPoolExecutor(1) as executor:
            await asyncio.gather(fail(), other())
        return done

    assert asyncio.run(main()) == ["other", "failed"]


def _faulty(program: str, *changes: tuple[str, str]) -> tuple[int | None, str, str]:
    """The exit status of a program with a fault, and what it prints."""
    outcome = script(changed(f"asyncio-processes/{program}", *changes))
    return outcome.status, outcome.stdout, outcome.stderr


def the_program_ends() -> None:
    """If a task or a worker fails, the program ends with the error; the short programs further
    down can wait forever.

    After an exception of a task, or if a worker is killed, the program ends with a traceback and
    exit status 1. Of the tasks that have not begun, it cancels those that have not been sent to
    the workers. A `sys.exit(3)` in a task raises `SystemExit` in the parent; without the `except`,
    the program would end with status 3 and no message.
    """
    shown("asyncio-processes/executor", "executor.shutdown(cancel_futures=True)")
    shown("stop-early/first_error", "shutdown(cancel_futures=True)", "was canceled: True")
    place = "    return sum(basket)\n"
    for fault, told in [
        ("raise ValueError('no price')", "ValueError: no price\n"),
        ("os._exit(7)", "BrokenProcessPool: "),
    ]:
        status, printed, error = _faulty("executor", (place, f"    {fault}\n"))
        assert (status, printed) == (1, "")
        assert "Traceback" in error and told in error
    exits = (place, "    sys.exit(3)\n")
    assert _faulty("executor", exits) == (1, "", "a task called sys.exit(3)\n")
    uncaught = ("except SystemExit as error", "except OSError as error")
    assert _faulty("executor", exits, uncaught) == (3, "", "")


def after_ctrl_c() -> None:
    """The workers ignore Ctrl-C. In the parent, the first Ctrl-C cancels `main()`, and the program
    ends when the tasks that have been sent to the workers are done. A second one can make it wait
    forever.
    """
    guard, runs = 'if __name__ == "__main__":\n', "    asyncio.run({}(), debug=False)\n"
    code = changed(
        "asyncio-processes/executor",
        ("async def main():", "async def prices():"),
        (guard + runs.format("main"), f"def main():\n{runs.format('prices')}\n{guard}    main()\n"),
    )
    assert waits(code, IN_A_SUBMIT, f"{PRESSED}; {PRESSED}", number=2)
    shown("asyncio-processes/executor", "signal.signal(signal.SIGINT, signal.SIG_IGN)")
    shown("ctrl-c/clean_end", "signal.signal(signal.SIGINT, signal.SIG_IGN)")
    if sys.platform == "win32":
        return  # it has no signal that one process could send to another
    pressed = "        os.kill(parent_process().pid, signal.SIGINT)"
    places = [
        ("    return sum(basket)", f"    if basket == [3, 4]:\n{pressed}\n    print('done')"),
        ("(2, initializer", "(1, initializer"),
    ]
    status, printed, error = _faulty("executor", *places)
    assert (status, error.splitlines()[-1]) == (-signal.SIGINT, "KeyboardInterrupt")
    assert printed.startswith("done\n")


def with_its_parent() -> None:
    """The thread ends the worker with its parent, if that gets SIGTERM or is killed. A task that
    never ends is waited for: set a time limit.

    If the program gets SIGTERM or is killed, the thread ends the sensor. A sensor that is stopped
    is waited for.
    """
    shown("ctrl-c", "parent_process().join()\n    os._exit(1)")  # there the parent is killed
    shown("asyncio-processes/from_queue", "while True:", "if not alive:")
    shown("asyncio-processes/leave_blocks", "still running after 5 s\nleaving the with block")
    for program, place in ("executor", "    return sum("), ("from_queue", "    for reading in"):
        shown(f"asyncio-processes/{program}", "Thread(target=end_with_parent, daemon=True).start()")
        shown(f"asyncio-processes/{program}", "parent_process().join()\n    os._exit(1)")
        if sys.platform != "win32":
            fault = "    os.kill(parent_process().pid, signal.SIGTERM)\n"
            status, printed, _ = _faulty(program, (place, fault + "    signal.pause()\n" + place))
            assert (status, printed) == (-signal.SIGTERM, "")


def the_short_programs() -> None:
    """The programs from the loop that stands still on are shorter: a sensor that fails can make
    them wait forever, and a SIGTERM to the parent can leave their processes.
    """
    fails = "    asked.wait()\n", "    os._exit(7)\n"
    program = changed("asyncio-processes/loop_goes_on", fails, ("import asyncio", IMPORTS))
    outcome = script(program, hangs_after="waiting for a reading\n")
    assert outcome.status is None
    shown("claims/daemon_outlives", "daemon: the daemon is still running")


def in_production() -> None:
    """In production, start an executor as above, and wait for a queue as in the next section.

    Another page says when an executor can wait forever all the same.
    """
    no_fact("advice")


def the_sensor_fails() -> None:
    """If the sensor fails, the program ends with its exit code and with status 1. The sensor is a
    daemon, so Python terminates it if the program ends first.
    """
    shown("asyncio-processes/from_queue", "daemon=True)\n    sensor.start()")
    place = "    readings.put(None)\n"
    for fault in f"    sys.exit(3)\n{place}", f"{place}    sys.exit(3)\n":
        status, printed, error = _faulty("from_queue", (place, fault))
        assert (status, printed) == (1, "reading 20.5\nreading 20.9\nreading 21.4\n")
        assert error.endswith("exit code 3\n")
    waits = "    signal.pause()\n" if sys.platform != "win32" else "    threading.Lock()\n"
    fails = ('print("reading", item)', 'raise ValueError("no paper")')
    status, _, error = _faulty("from_queue", (place, waits), fails)
    assert status == 1 and error.endswith("ValueError: no paper\n")


def the_seller_fails() -> None:
    """If the seller fails, the program ends with its exit code and prints no number. If the seller
    is killed while it holds the lock, the thread waits forever.
    """
    shown("lock-holder-killed/terminated", "worker.terminate()", "still running after 5 s")
    fails = ("target=sell", "target=sys.exit"), ("args=(tickets,)", "args=(3,)")
    assert _faulty("lock_in_thread", *fails) == (1, "", "Process-1: exit code 3\n")


def a_plain_function() -> None:
    """The function is a plain one, not `async def`. The function, its arguments and its result
    are pickled, so a lambda does not work.
    """

    async def main() -> None:
        loop = asyncio.get_running_loop()
        with ProcessPoolExecutor(1) as executor:
            with raises(AttributeError, PicklingError, text="lambda"):
                await loop.run_in_executor(executor, lambda: 7)
            assert await loop.run_in_executor(executor, _seven) == 7

    asyncio.run(main())
    shown("asyncio-processes/executor", "\ndef price(basket):")


def development_mode() -> None:
    """The tests of this site use Python's development mode, which switches that mode on, so the
    programs here say `debug=False`.
    """
    modes = []

    async def look() -> None:
        modes.append(asyncio.get_running_loop().get_debug())

    asyncio.run(look())
    asyncio.run(look(), debug=False)
    assert modes == [sys.flags.dev_mode, False]
    shown("asyncio-processes/executor", "asyncio.run(main(), debug=False)")


def leave_it_out() -> None:
    """You can leave it out.

    Use `to_thread` in the same way for `join(timeout)` and `event.wait(timeout)`, and for
    `poll(timeout)` before a `recv()`.

    If you wait for many queues, create a `ThreadPoolExecutor(max_workers)` for them, and use it
    with `loop.run_in_executor`.

    Put everything that needs the lock into one function, and call that function in a thread:

    To end the work as well, let it check an event from time to time.

    Between processes, use those of multiprocessing.
    """
    no_fact("advice")


def another_thread() -> None:
    """`get()` of a `multiprocessing.Queue` blocks the thread that calls it. With
    `asyncio.to_thread`, it blocks another thread, and the event loop continues:
    """
    shown("asyncio-processes/loop_stands_still", "still running after 5 s", "readings.get()")
    shown("asyncio-processes/loop_goes_on", "await asyncio.to_thread(readings.get)", "reading 20.5")
    shown("asyncio-processes/from_queue", "asyncio.to_thread(readings.get", "reading 21.4")


def no_item() -> None:
    """If no item begins to arrive within a second, the `timeout` ends the wait of the thread.
    Without it, the program would wait forever if the sensor died before its `None`. If the sensor
    is killed while it sends an item, the program may wait forever even with the `timeout`.
    """
    shown("lock-holder-killed/killed_in_put", "pictures.get(timeout=1)", "still running after 5 s")
    shown("asyncio-processes/from_queue", "readings.get, timeout=1", "except Empty:")
    shown("asyncio-processes/get_timeout", "readings.get, timeout=0.5", "no reading yet")
    shown("asyncio-processes/loop_stands_still", "still running after 5 s")


def ctrl_c() -> None:
    """A single Ctrl-C would not end the program then, because `asyncio.run` waits for its
    threads, and so does Python at its end.
    """
    run = script(CTRL_C, hangs_after="canceled\n")
    assert (run.status, run.stdout) == (None, "canceled\n")


def alive_first() -> None:
    """The program calls `is_alive()` before `get()`, so that it does not miss an item that the
    sensor put right before its end.
    """
    shown("asyncio-processes/from_queue", "alive = sensor.is_alive()\n        try:\n")
    shown("asyncio-processes/from_queue", "if not alive:")


def _joined(child: Process) -> bool:
    child.join()
    return True


def _exit_code(ends: Callable[[Process], object]) -> int | None:
    """That of a child which ends without an error while one thread joins it, another asks."""
    here, there = Pipe()
    child = Process(target=_answer, args=(there,))
    child.start()
    assert here.recv() == "started"
    other = threading.Thread(target=child.join)
    other.start()
    here.send("end")
    while not ends(child):
        pass
    other.join()
    here.close()
    there.close()
    return child.exitcode


def two_threads_look() -> None:
    """Let only one thread wait for a process: if another calls `join()`, `is_alive()` or
    `active_children()` meanwhile, or reads `exitcode`, the exit code under `forkserver` can be
    255, whatever it really was.
    """
    if get_start_method() != "forkserver":
        return
    ways: list[Callable[[Process], object]] = [
        _joined,
        lambda child: not child.is_alive(),
        lambda child: child not in active_children(),
        lambda child: child.exitcode is not None,
    ]
    for way in ways:
        assert 255 in (_exit_code(way) for _ in range(30))


def few_threads() -> None:
    """If all of them wait for queues, everything else that needs such a thread waits too, such as
    the name lookup of `open_connection`.
    """

    async def main() -> None:
        queue: SimpleQueue[int] = SimpleQueue()
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(1))  # as if all others were waiting
        waiting = asyncio.create_task(asyncio.to_thread(queue.get))
        await asyncio.sleep(0)
        connecting = asyncio.create_task(asyncio.open_connection("localhost", 1))
        done, _ = await asyncio.wait([waiting, connecting], timeout=0.1)
        assert not done
        queue.put(7)
        assert await waiting == 7
        with raises(OSError):
            await connecting

    asyncio.run(main())


def a_lock_that_nothing_releases() -> None:
    """Do not call `to_thread(lock.acquire)` alone. If the task is canceled or reaches a time
    limit, the thread still waits: it acquires the lock later, and nothing releases it.
    """
    lock = Lock()

    async def main() -> None:
        await _give_up(asyncio.ensure_future(asyncio.to_thread(lock.acquire)))
        lock.release()

    lock.acquire()
    asyncio.run(main())  # which ends after its threads have ended
    assert not lock.acquire(block=False)


def the_owner() -> None:
    """In addition, an `RLock` belongs to the thread that acquired it, so the thread of the event
    loop cannot release it. The lock of a `Value` or an `Array` is an `RLock`, too.
    """
    shown("asyncio-processes", "attempt to release recursive lock not owned by thread")
    shown("asyncio-processes", "await asyncio.to_thread(lock.acquire)")
    kind = type(RLock())
    assert type(Value("i").get_lock()) is kind
    assert type(Array("i", 3).get_lock()) is kind


def the_loop_stands_still() -> None:
    """Here the sensor answers only after a coroutine has asked. A plain `get()` blocks the event
    loop, so that coroutine never runs, and the program hangs:

    The fix is to call `get()` in a thread:
    """
    shown("asyncio-processes/loop_stands_still", "asked.wait()", "readings.get()")
    shown("asyncio-processes/loop_stands_still", "still running after 5 s\nwaiting for a reading")
    shown("asyncio-processes/loop_goes_on", "asyncio.to_thread(readings.get)", "reading 20.5")


def the_thread_remains() -> None:
    """`asyncio.wait_for`, `asyncio.timeout` or the `cancel()` of a task ends the wait of the
    coroutine in `to_thread`, but not that of the thread, which remains in `get()`. The thread
    receives the next item, which is then lost, and the program does not end before an item comes.
    Pass the timeout to `get()` instead. If a task is canceled during such a `get()`, an item that
    comes before the timeout is still lost:
    """
    queue: SimpleQueue[int] = SimpleQueue()
    gave_up = threading.Event()

    async def main() -> None:
        await _give_up(asyncio.ensure_future(asyncio.to_thread(queue.get)))
        with raises(TimeoutError):
            async with asyncio.timeout(0):
                await asyncio.sleep(TIME_LIMIT)
        task = asyncio.create_task(asyncio.to_thread(queue.get))
        await asyncio.sleep(0)
        task.cancel()
        with raises(asyncio.CancelledError):
            await task
        gave_up.set()

    program = threading.Thread(target=asyncio.run, args=(main(),))
    program.start()
    assert gave_up.wait(TIME_LIMIT)
    program.join(0.1)
    assert program.is_alive()
    queue.put(7)
    queue.put(7)
    program.join()
    assert queue.empty()
    shown("asyncio-processes/get_timeout", "readings.get, timeout=0.5", "no reading yet\nreading")
    limited: Queue[int] = Queue()

    async def lose() -> None:
        task = asyncio.create_task(asyncio.to_thread(limited.get, timeout=TIME_LIMIT))
        await asyncio.sleep(0)
        task.cancel()
        with raises(asyncio.CancelledError):
            await task
        limited.put(7)  # asyncio.run() ends when the thread has received it

    asyncio.run(lose())
    assert limited.empty()
    limited.close()
    limited.join_thread()


def it_goes_on() -> None:
    """`asyncio.timeout`, `asyncio.wait_for` or a `cancel()` ends the wait of the coroutine, but not
    a task that a worker has begun: the worker goes on, and gets no other task before it is
    done. Nor does it stop the few tasks that have been sent to the workers already. Here the
    worker waits for paper and prints the invoice after the time limit, and the end of the `with`
    block waits for the worker:
    """
    shown("asyncio-processes/task_timeout", "asyncio.timeout(0.5)", "No invoice after 0.5 s")
    shown("asyncio-processes/task_timeout", "paper.set()\n    print(", "Printed all the same: True")
    here, there = Pipe()

    async def main() -> None:
        loop = asyncio.get_running_loop()
        with ProcessPoolExecutor(1, initializer=_connect, initargs=(there,)) as executor:
            task = loop.run_in_executor(executor, _work)
            assert here.recv() == "begun"
            task.cancel()
            with raises(asyncio.CancelledError):
                await task
            sent = executor.submit(_work)
            while not sent.running():
                await asyncio.sleep(PAUSE)
            waiting = asyncio.wrap_future(sent)
            waiting.cancel()
            with raises(asyncio.CancelledError):
                await waiting
            for message in ("go on", "go on"):
                here.send(message)

    asyncio.run(main())
    assert [here.recv() for _ in range(3)] == ["done", "begun", "done"]
    here.close()
    there.close()


def the_end_of_with() -> None:
    """The end of a `with ProcessPoolExecutor()` block waits until all tasks are done, and it
    blocks the event loop meanwhile. Here the task waits for what a coroutine does, so the program
    hangs:
    """
    shown("asyncio-processes/leave_blocks", "still running after 5 s\nleaving the with block")
    shown(
        "asyncio-processes/leave_blocks", "with ProcessPoolExecutor(", "create_task(unlock(door))"
    )


def shutdown_in_a_thread() -> None:
    """If you have awaited every task inside the block, only the end of the workers is left to
    wait for. After a time limit, a cancellation or an error, a task may still be running. In that
    case, call `shutdown` in a thread:
    """
    shown("asyncio-processes/executor", "await asyncio.gather(*tasks)", "Output\n[7, 11, 7]")
    shown("asyncio-processes/task_timeout", "No invoice after 0.5 s\nPrinted all the same: True")
    shown("asyncio-processes/leave_in_thread", "await asyncio.to_thread(executor.shutdown)")
    shown("asyncio-processes/leave_in_thread", "leaving the try block\ninside")


def within_one_process() -> None:
    """An `asyncio.Queue`, an `asyncio.Lock` or an `asyncio.Event` works within one process."""
    event = asyncio.Event()
    here, there = Pipe()
    child = Process(target=_is_set, args=(event, there))
    child.start()
    assert here.recv() == "started"
    event.set()
    here.send("look")
    assert here.recv() is False
    child.join()
    here.close()
    there.close()
    for module in (asyncio.queues, asyncio.locks):
        assert "multiprocessing" not in inspect.getsource(module)


def signals_under_fork() -> None:
    """Under `fork`, a process that is started while the event loop runs inherits the loop's
    signal handlers: it ignores the first Ctrl-C. If the loop has an
    `add_signal_handler(signal.SIGTERM, ...)`, the process also ignores `terminate()`, and the end
    of a `with Pool()` block can hang. On Python 3.11, and later if the signal arrives while the
    process starts, the parent's handler runs instead. Use `forkserver` or `spawn`: under them a
    process does not inherit these handlers. Under `fork`,
    `signal.signal(signal.SIGTERM, signal.SIG_DFL)` in the child, or in the `initializer` of a
    pool, has no effect on a SIGTERM that arrives before it.
    """
    handled: list[str] = []
    forks = get_start_method() == "fork"
    parent_handles = forks and not on("Python 3.12.0 and later")

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, handled.append, "SIGTERM")
        here, there = Pipe()
        for reset in (False, True) if forks else (False,):
            child = Process(target=_answer, args=(there,), kwargs={"reset": reset})
            child.start()
            assert here.recv() == "started"
            while reset and parent_handles and len(handled) < 2:
                await asyncio.sleep(PAUSE)
            if forks and not reset:
                assert child.pid
                os.kill(child.pid, signal.SIGINT)
                here.send("go on")
                assert here.recv() == "go on"
            child.terminate()
            if forks and not reset:
                here.send("go on")
                assert here.recv() == "go on"
                while parent_handles and not handled:
                    await asyncio.sleep(PAUSE)
                here.send("end")
            child.join()
            assert child.exitcode == (0 if forks and not reset else -signal.SIGTERM)
        here.close()
        there.close()

    asyncio.run(main())
    assert handled == ["SIGTERM", "SIGTERM"] * parent_handles


def before_threads() -> None:
    """Start your processes before you start threads, including those of `to_thread`, or use the
    start method `spawn` or `forkserver`: a fork with threads can hang.
    """
    shown("fork-with-threads/lock_held", "Output, still running after 5 s")


def kill_a_process() -> None:
    """For work that checks nothing, use a `Process` in place of the executor, and kill it after a
    time limit.
    """
    no_fact("advice, which the page with the time limit shows")


FORK_IN_A_COROUTINE = """
import asyncio
import os


async def main():
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    print("child", flush=True)
    try:
        await asyncio.sleep({})
        print("goes on", flush=True)
    except RuntimeError as error:
        print(error, flush=True)
    os._exit(0)


asyncio.run(main())
"""


def a_fork_in_a_coroutine() -> None:
    """Or it goes on in a copy of the loop, and in Python 3.14 and later, it can wait forever.
    Start a `Process` instead, whose target calls `asyncio.run()`.
    """
    outcome = script(FORK_IN_A_COROUTINE.format(0.1), "-W", "ignore")
    assert (outcome.status, outcome.stdout) == (0, "child\nno running event loop\n")
    if on("Python 3.14 and later"):
        outcome = script(FORK_IN_A_COROUTINE.format(0), "-W", "ignore", hangs_after="child\n")
        assert (outcome.status, outcome.stdout) == (None, "child\n")
    else:
        outcome = script(FORK_IN_A_COROUTINE.format(0), "-W", "ignore")
        assert (outcome.status, outcome.stdout) == (0, "child\ngoes on\n")


def of_another_loop() -> None:
    """A stream, a future or a task belongs to the event loop that has made it. In another loop,
    such as that of a child process, to wait for it raises a `RuntimeError` that ends with
    `attached to a different loop`, and it cannot be pickled.
    """
    here, there = socket.socketpair()

    async def make() -> tuple[Any, Any, Any]:
        reader, writer = await asyncio.open_connection(sock=here)
        return reader, writer, asyncio.get_running_loop().create_future()

    loop = asyncio.new_event_loop()
    reader, writer, future = loop.run_until_complete(make())
    for made in reader, writer, future:
        with raises(TypeError, AttributeError, PicklingError):
            pickle.dumps(made)

    async def wait() -> None:
        await future

    try:
        asyncio.run(wait())
        raise AssertionError("it waited")
    except RuntimeError as error:
        assert str(error).endswith("attached to a different loop")
    writer.close()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    there.close()


def a_future_of_an_executor() -> None:
    """`executor.submit` returns a future of `concurrent.futures`, which a coroutine cannot await,
    and `gather` does not accept it. Call `loop.run_in_executor()` instead, or wrap the future:

    A plain `await future` raises `object Future can't be used in 'await' expression` or, in newer
    releases, `'Future' object can't be awaited`.
    """
    shown("asyncio-processes/executor", "run_in_executor")
    with ThreadPoolExecutor(1) as executor:
        future = executor.submit(int)
    assert type(future) is Future

    async def main() -> None:
        try:
            await future  # type: ignore[misc]
        except TypeError as error:
            assert str(error) in (
                "object Future can't be used in 'await' expression",
                "'Future' object can't be awaited",
            )
        else:
            raise AssertionError(future)
        with raises(TypeError, text="An asyncio.Future, a coroutine or an awaitable is required"):
            await asyncio.gather(future)  # type: ignore[call-overload]
        assert await asyncio.wrap_future(future) == 0

    asyncio.run(main())


def the_loop_stands_still_for_a_result() -> None:
    """Do not call `future.result()` in a coroutine: until the task is done, the event loop stands
    still.
    """
    told: list[str] = []

    async def main() -> None:
        asyncio.get_running_loop().call_soon(told.append, "the loop runs")
        with ThreadPoolExecutor(1) as executor:
            assert executor.submit(list, told).result() == []
        await asyncio.sleep(0)
        assert told

    asyncio.run(main())


def send_only_data() -> None:
    """Let the server read and write, and send only data to a worker:
    `answer = await loop.run_in_executor(executor, work, data)`. Or give the worker the socket
    itself.
    """
    shown("asyncio-processes/executor", "run_in_executor")


def no_loop_of_the_parent() -> None:
    """Use `forkserver` or `spawn`, or let the worker call `asyncio.run()` itself."""
    no_fact("advice")
