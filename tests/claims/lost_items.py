"""What docs/pitfalls/lost-items.md says."""

import io
import os
import queue
import signal
import sys
import threading
from contextlib import suppress
from multiprocessing import (
    Event,
    JoinableQueue,
    Manager,
    Pipe,
    Process,
    Queue,
    SimpleQueue,
    get_start_method,
)
from multiprocessing.connection import Connection
from multiprocessing.managers import BaseProxy, SyncManager
from time import sleep
from typing import TYPE_CHECKING

from tests.claims import PAUSE, SURE, TIME_LIMIT, changed, raises, replaced, script, shown

if TYPE_CHECKING:
    from examples._runner import Outcome

ORDERS = '"apple", "glass", "plum"'
RIGHT = ["apple 5 kg", "glass 5 kg", "plum 4 kg"]
DIES = "        os._exit(9)  # the worker is killed\n"
LOOP = "            for line in wait(workers):\n"
ENDS = "                    code = workers.pop(line).end()\n"
STARTS = "                Worker(function, workers)"
FIRST = " and number == 1"
BEGUN = "        open('begun', 'w').close()\n"
WAITS = """            while not os.path.exists('begun'):
                pass
            print('waits', flush=True)
"""
RAISES = """class Raises:
    def __reduce__(self):
        raise OSError("not open")


class Opens:
    def __reduce__(self):
        return open, ("/nowhere/at/all",)


def weigh("""
WRITE_HALF = """        from multiprocessing.connection import Connection

        def write_half(self, data):
            os.write(self.fileno(), bytes(data)[: len(data) // 2])
            os.kill(os.getpid(), signal.{})

        Connection._send = write_half
        return bytes(1000)
"""


def _broken(result: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Changes: the function returns this for an exception that cannot be rebuilt."""
    kind = """class Broken(Exception):
    def __init__(self, order, why):
        super().__init__(f"{order}: {why}")


def weigh("""
    returns = f"""        try:
            raise Broken(order, "too thin")
        except Broken as error:
            return {result}
"""
    return ("def weigh(", kind), (DIES, returns)


def _answers(*changes: tuple[str, str], hangs_after: str = "") -> "Outcome":
    """What the fix of the page does if something in it is different."""
    worker = changed("lost-items/one_worker").partition("def main")[0]
    code = changed("lost-items/acknowledged").replace("from one_worker import Worker\n", "")
    return script(replaced(worker + code, *changes), hangs_after=hangs_after)


def _lines(ended: "Outcome") -> list[str]:
    """What it has printed, in order."""
    return sorted(ended.stdout.splitlines())


def _get_and_die(orders: "JoinableQueue[int]") -> None:
    orders.get()
    os._exit(9)


def _put_and_die(orders: "SimpleQueue[str]", sender: Connection) -> None:
    orders.put("apple")
    sender.send("pear")
    os.kill(os.getpid(), signal.SIGTERM)


def _put(orders: "queue.Queue[str]") -> None:
    orders.put("apple")
    os._exit(9)


class _Late:
    """What is never sent."""

    def __reduce__(self) -> str:
        threading.Event().wait()
        return ""


def _put_and_exit(orders: "Queue[object]") -> None:
    orders.put(_Late())
    os._exit(9)


def _end(line: Connection) -> None:
    os._exit(9 if line else 0)


def _read_and_die(orders: "SimpleQueue[str]") -> None:
    receive = Connection._recv  # type: ignore[attr-defined]

    def read_some(connection: Connection, size: int) -> io.BytesIO:
        if size < 1000:  # how long the item is
            return receive(connection, size)  # type: ignore[no-any-return]
        receive(connection, 1000)
        os._exit(9)

    Connection._recv = read_some  # type: ignore[attr-defined]
    orders.get()


def _ask_and_die(orders: BaseProxy) -> None:
    orders._connect()  # type: ignore[attr-defined]
    connection = orders._tls.connection  # type: ignore[attr-defined]
    connection.send((orders._id, "get", (), {}))  # type: ignore[attr-defined]
    os._exit(9)


def _die(number: int) -> int:
    if number == 1:
        os._exit(9)
    return number


def the_fix() -> None:
    """Keep each item in the parent until the worker has answered, and give each worker a pipe of
    its own; if a worker dies, give its item to another one.

    The parent gives each worker one order at a time, and notes it in `held` until the answer comes.
    Here, too, the worker that gets the glass is killed:

    Save this program and the next one, which it imports, in the same folder:
    """
    shown("lost-items/acknowledged", "os._exit(9)", *RIGHT, "glass exit code 9")
    shown("lost-items/acknowledged", "from one_worker import Worker")
    shown("lost-items/one_worker", "self.line, end = Pipe()", "self.held = item")


def silent() -> None:
    """Silent. If a worker is killed, no error is reported. The program ends with exit status 0, and
    some results are missing.

    Two workers pack three orders. One of them gets the glass, and is killed:

    The other worker packs the rest, and its `None` ends it. With a `Queue`, the outcome is the
    same.
    """
    shown("lost-items/taken", 'if order == "glass":', "Output\npacked: ['apple', 'pear']")
    ended = script(changed("lost-items/taken", ("SimpleQueue", "Queue")))
    assert (ended.status, ended.stdout) == (0, "packed: ['apple', 'pear']\n")
    assert ended.stderr == ""


def it_waits() -> None:
    """If the program waits for the missing result, in `get()` or in the `join()` of a
    JoinableQueue, it waits forever.
    """
    shown("queue/smallest", "a worker is killed            hangs")
    orders: JoinableQueue[int] = JoinableQueue()
    worker = Process(target=_get_and_die, args=(orders,))
    worker.start()
    orders.put(1)
    worker.join()
    thread = threading.Thread(target=orders.join)
    thread.start()
    thread.join(SURE)
    assert thread.is_alive()
    orders.task_done()  # as the worker would have done
    thread.join()


def taken_out() -> None:
    """`get()` takes the item out of the queue. From then on, it is only in the memory of the
    process that called `get()`. If this process is killed, or ends with an exception or
    `sys.exit()`, nothing puts the item back.
    """
    shown("lost-items/taken", "packed: ['apple', 'pear']")
    for end in "sys.exit(3)", "raise ValueError":
        ended = script(
            "import sys\n"
            + changed("lost-items/taken", ("os._exit(9)", end), ("import os\n", "")).lstrip()
        )
        assert (ended.status, ended.stdout) == (0, "packed: ['apple', 'pear']\n"), ended


def no_acknowledgement() -> None:
    """No queue of `multiprocessing` has what a message broker calls an acknowledgement: the
    consumer confirms that the item is done, and if it dies before that, another consumer gets the
    item. The `task_done()` of a `JoinableQueue` only counts.
    """
    names = {name for one in (Queue, SimpleQueue, JoinableQueue) for name in dir(one())}
    reading = {"get", "get_nowait", "empty", "full", "qsize", "task_done", "join"}
    ending = {"close", "join_thread", "cancel_join_thread"}
    assert {n for n in names if n[0] != "_"} == reading | ending | {"put", "put_nowait"}
    orders: JoinableQueue[str] = JoinableQueue()
    orders.put("apple")
    worker = Process(target=_get_and_die, args=(orders,))
    worker.start()
    worker.join()
    assert orders.empty()
    orders.task_done()  # for another process, which has not got it
    orders.join()


def not_sent() -> None:
    """The `put()` of a `Queue` does not send the item, but hands it to a feeder thread. If the
    process is killed before the thread has sent the item, the item is lost.

    Here the order cannot be sent before the function ends, as if it took long to pickle it. In the
    first two cases, the worker waits at its end until the order is sent. `os._exit()` and SIGTERM,
    which `terminate()` sends, do not wait:

    a producer of a `Queue`, by `os._exit()`, `terminate()` or a kill | what was put and not sent;
    in a queue with a `maxsize`, also its place, so that `put()` may wait forever
    """
    shown("lost-items/unsent", "self.sending.wait()", "finally:\n        sending.set()")
    shown("lost-items/unsent", "return arrived\nsys.exit() arrived\nos._exit() lost\nSIGTERM lost")
    if sys.platform != "win32":
        killed = script(changed("lost-items/unsent", ("signal.SIGTERM", "signal.SIGKILL")))
        assert killed.stdout.endswith("SIGTERM lost\n")
    orders: Queue[object] = Queue(1)
    producer = Process(target=_put_and_exit, args=(orders,))
    producer.start()
    producer.join()
    assert orders.empty()
    with raises(queue.Full):
        orders.put("apple", timeout=SURE)


def its_end_is_noticed() -> None:
    """When a worker ends, `recv()` raises `EOFError` or an `OSError` (on Windows, not always),
    because no other process has the worker's end of the pipe. This includes a worker that is killed
    in the middle of a large answer. What has arrived of it is discarded with the pipe.
    """
    shown("lost-items/one_worker", "end.close()")
    for end, code in ("sys.exit(0)", 0), ("raise SystemExit(3)", 3), ("signal.raise_signal(9)", -9):
        if sys.platform != "win32" or code >= 0:
            ended = _answers((DIES, f"        {end}\n"))
            assert (ended.status, _lines(ended)) == (0, RIGHT), ended
            assert ended.stderr == f"glass exit code {code}\n"
    if sys.platform != "win32":
        half = _answers((DIES, WRITE_HALF.format("SIGKILL")))
        assert (_lines(half), half.stderr) == (RIGHT, "glass exit code -9\n"), half


def it_comes_again() -> None:
    """The order that this worker had goes to the end of the list, and to the next worker that is
    free. If the order has failed in each of its `TRIES`, `answers()` does all others, and then
    raises `SystemExit` with the name of the order. So print or store each answer as it comes: with
    `dict(answers(...))`, all of them would be lost.
    """
    shown("lost-items/acknowledged", "again = left if number < TRIES else failed")
    failed = _answers((FIRST, ""))
    assert (failed.status, _lines(failed)) == (1, ["apple 5 kg", "plum 4 kg"])
    assert failed.stderr == "glass exit code 9\n" * 3 + "given up: ['glass']\n"
    loop = "    for name, weight in answers(", "        print(name, weight)\n"
    lost = _answers(
        (FIRST, ""), (loop[0], "    print(dict(answers("), ("]):\n" + loop[1], "])))\n")
    )
    assert (lost.status, lost.stdout, lost.stderr) == (1, "", failed.stderr)


def the_function() -> None:
    """`most` is the number of workers. The function gets the item and the number of the try. If it
    raises an exception, or its result cannot be pickled, the worker ends with a traceback, and the
    order is tried again. To fail at once, catch the exception in the function, and return its text,
    `repr(error)`: not every exception can be rebuilt in the parent.
    """
    shown("lost-items/acknowledged", "def weigh(order, number):", "len(workers) < most:")
    shown("lost-items/kept", "db.execute(DONE, (weight, name))")
    for fails, text in (
        ("raise ValueError('broken')", "ValueError: broken"),
        ("return (order for _ in order)", "cannot pickle 'generator' object"),
    ):
        failed = _answers((DIES, f"        {fails}\n"))
        assert (failed.status, _lines(failed)) == (0, RIGHT)
        assert "Traceback" in failed.stderr and text in failed.stderr
    caught = _answers(*_broken("repr(error)"))
    assert "glass Broken('glass: too thin')" in _lines(caught), caught
    assert (caught.status, len(_lines(caught)), caught.stderr) == (0, 3, "")


def cannot_be_rebuilt() -> None:
    """An order that cannot be pickled raises one in the parent, and so does a result that cannot be
    rebuilt there. But if rebuilding raises an `OSError`, because a file or a block is gone, that
    looks like the end of the worker, and the order is tried again: return plain data.
    """
    ends = """    try:
        main()
    finally:
        for process in active_children():
            process.join()
        print("ended")
"""
    imports = "import sys\n", "import sys\nfrom multiprocessing import active_children\n"
    guard = '__name__ == "__main__":\n    main()\n'
    change = imports, (guard, guard.replace("    main()\n", ends))
    order = _answers((ORDERS, '"apple", lambda: 0'), *change)
    assert (order.status, order.stdout.splitlines()[-1]) == (1, "ended"), order
    assert "local object" in order.stderr
    result = _answers(*_broken("error"), *change)
    assert (result.status, result.stdout.splitlines()[-1]) == (1, "ended"), result
    assert "missing 1 required positional argument: 'why'" in result.stderr
    unpicklable = _answers((ORDERS, '"apple", Raises()'), ("def weigh(", RAISES), *change)
    assert (unpicklable.status, unpicklable.stdout.splitlines()[-1]) == (1, "ended"), unpicklable
    assert "\nOSError: not open\n" in unpicklable.stderr  # notes may follow
    opens = "        return Opens()\n"
    gone = _answers((DIES, opens), ("def weigh(", RAISES), ("join(5)", "join(0.1)"))
    assert (gone.status, _lines(gone)) == (0, RIGHT), gone
    assert gone.stderr == "glass exit code -9\n"


def no_order_left() -> None:
    """A worker that finds no order left gets `None`, and ends. If an order comes back after that, a
    new worker is started.
    """
    late = "        while not os.path.exists('ended'):\n            sleep(0.01)\n"
    ended = _answers(
        (ORDERS, '"glass", "apple"'),
        ("import os\n", "import os\nfrom time import sleep\n"),
        (DIES, late + DIES),
        (ENDS, f"{ENDS}                    open('ended', 'w').close()\n"),
        (STARTS, f"                print('start')\n{STARTS}"),
    )
    assert _lines(ended) == ["apple 5 kg", "glass 5 kg", *["start"] * 3], ended
    assert ended.stderr == "glass exit code 9\n"


def its_exit_code() -> None:
    """The end of a worker's pipe can come before its exit code. So `end()` waits for the worker for
    5 seconds before it kills it.
    """
    shown("lost-items/one_worker", "self.process.join(5)\n        self.process.kill()")
    loop = "    for item, number in receive(line):\n"
    closes = "        if number == 1:\n            line.close()\n            time.sleep({})\n"
    for seconds, wanted, limit in (0.2, 3, TIME_LIMIT), (TIME_LIMIT, -9, 0.2):
        if sys.platform == "win32":
            break
        ended = _answers(
            ("import os\n", "import os, time\n"),
            (loop, loop + closes.format(seconds) + "            sys.exit(3)\n"),
            (ORDERS, '"apple"'),
            ("join(5)", f"join({limit})"),
        )
        assert ended.stdout == "apple 5 kg\n"
        assert ended.stderr == f"apple exit code {wanted}\n"


def it_is_ended() -> None:
    """At Ctrl-C, SIGTERM, or an exception, the `finally` kills all workers. Under `fork`, a signal
    that comes while a worker is starting can have no effect: send it again. If the parent is
    killed, the thread in each worker ends it.
    """
    shown("ctrl-c/sigterm", "signal.signal(signal.SIGTERM")  # that page proves what is linked
    if get_start_method() == "fork":
        once = "import signal\nimport sys\n"
        sends = "os.register_at_fork(before=lambda: sent or sent.append(signal.raise_signal(15)))\n"
        lost = _answers((once, f"{once}sent = []\n{sends}"))
        assert (lost.status, _lines(lost)) == (0, RIGHT), lost
        assert "terminated" in lost.stderr
    shown("lost-items/acknowledged", "finally:\n        for worker in workers.values():\n")
    shown("lost-items/acknowledged", "Ctrl-C, twice                 status -2, told")
    shown("lost-items/acknowledged", "SIGTERM to the parent         status 1, told")
    shown("lost-items/one_worker", "parent_process().join()\n    os._exit(1)")
    shown("end-with-parent/killed", "all workers have ended")  # by the same thread


def what_becomes_of_it() -> None:
    """With a fault put in, this is what becomes of the program:"""
    shown("lost-items/acknowledged", "a worker is killed            right result, told")


def done_twice() -> None:
    """An order can be done twice: a worker can be killed after the work and before the answer. So
    the work must do no harm if it is repeated.
    """
    shown("retry-tasks/runs_twice", "added [4711, 4711]\nbooked [4711]")
    note = "    open('done', 'a').write(f'{order} ')\n    if order =="
    ended = _answers(
        ("    if order ==", note),
        ("        print(name, weight)\n", "        pass\n    print(open('done').read())\n"),
    )
    assert sorted(ended.stdout.split()) == ["apple", "glass", "glass", "plum"], ended


def never_answers() -> None:
    """A worker that is stopped, or never answers, keeps its order, and the parent waits. Set a time
    limit for each task, or call `wait(workers, 60)`: if it returns an empty list, no answer has
    come for a minute. Then kill the workers, and the loop gives their orders to new ones.
    """
    shown("retry-tasks/retried", "huge.png False too late")
    if sys.platform == "win32":
        return
    stops = DIES, f"{BEGUN}        os.kill(os.getpid(), signal.SIGSTOP)\n"
    hangs = _answers(stops, (ORDERS, '"glass"'), (LOOP, WAITS + LOOP), hangs_after="waits")
    assert (hangs.status, hangs.stdout) == (None, "waits\n")
    kills = (
        "            ready = wait(workers, 3)\n"
        "            if not ready:\n"
        "                for worker in workers.values():\n"
        "                    worker.process.kill()\n"
        "            for line in ready:\n"
    )
    goes_on = _answers(stops, (LOOP, kills), ("TRIES = 3", "TRIES = 99"))
    assert (goes_on.status, _lines(goes_on)) == (0, RIGHT)


def stopped_in_the_middle() -> None:
    """If a worker is stopped in the middle of a large order or answer, the parent waits in `send()`
    or `recv()`, and no limit helps.
    """
    if sys.platform == "win32":
        return
    limit = LOOP.replace("workers)", "workers, 0.1)")
    received = ("yield line.recv()", "print('begun', flush=True); yield line.recv()")
    hangs = _answers(
        (DIES, WRITE_HALF.format("SIGSTOP")),
        (ORDERS, '"glass"'),
        (LOOP, limit),
        received,
        hangs_after="begun",
    )
    assert (hangs.status, hangs.stdout) == (None, "begun\n")
    line, end = Pipe()
    thread = threading.Thread(target=line.send, args=(bytes(1_000_000),))
    thread.start()
    assert end.poll(TIME_LIMIT)  # as a worker that is stopped when the order has begun to arrive
    thread.join(SURE)
    assert thread.is_alive()
    assert len(end.recv()) == 1_000_000
    thread.join()


def a_process_of_its_own() -> None:
    """A process that the function starts with `os.fork()` can keep the worker's end of the pipe
    open. Then the parent does not notice the death of the worker before this process has ended,
    too. The workers are daemons, so the function cannot start a `Process`.
    """
    shown("lost-items/one_worker", "daemon=True)")
    shown("daemon-children/daemon_starts", "daemonic processes are not allowed to have")
    if sys.platform == "win32":
        return
    forks = f"{BEGUN}        if not os.fork():\n            {{}}\n            os._exit(0)\n"
    for works, hangs in ("time.sleep(60)", True), ("time.sleep(0.1)", False):
        ended = _answers(
            ("import os\n", "import os, time\n"),
            (ORDERS, '"glass"'),
            (DIES, forks.format(works) + DIES),
            (LOOP, WAITS + LOOP),
            hangs_after="waits" if hangs else "",
        )
        assert ended.status == (None if hangs else 0)
        assert hangs or "glass 5 kg" in _lines(ended)


def a_thread_of_its_own() -> None:
    """A thread that the function leaves running, and that is not a daemon, keeps the worker from
    its end, and the parent waits for it after the last answer.
    """
    runs = "        threading.Thread(target=threading.Event().wait, daemon={}).start()\n"
    for daemon in False, True:
        ended = _answers(
            ("import os\n", "import os\nimport threading\n"),
            (ORDERS, '"glass"'),
            (DIES, runs.format(daemon)),
            ("print(name, weight)", "print(name, weight, flush=True)"),
            hangs_after="" if daemon else "glass 5 kg",
        )
        assert (ended.status, ended.stdout) == (0 if daemon else None, "glass 5 kg\n")


def a_second_thread() -> None:
    """A second thread of the parent that starts processes: under fork, a process that it starts
    just before `end.close()` keeps the worker's end of the pipe open, too. Start all processes in
    one thread.
    """
    shown("lost-items/one_worker", "self.process.start()\n        end.close()\n")
    line, end = Pipe()
    stop = Event()
    worker, other = Process(target=_end, args=(end,)), Process(target=stop.wait)
    worker.start()
    other.start()
    end.close()
    worker.join()
    forked = get_start_method() == "fork"
    assert line.poll(SURE if forked else TIME_LIMIT) != forked
    stop.set()
    other.join()
    assert line.poll(TIME_LIMIT)
    with raises(EOFError, OSError):
        line.recv()


def an_executor_is_shorter() -> None:
    """For one function that is called for each item, a ProcessPoolExecutor is shorter: its tasks
    stay with the parent. If a worker is killed, each task that is not done raises
    `BrokenProcessPool`, apart from some cases, and you can submit these tasks to a new executor.
    """
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    shown("killed-worker/after_broken", "ProcessPoolExecutor(", "BrokenProcessPool")
    with ProcessPoolExecutor(1) as executor:
        tasks = [executor.submit(_die, 1)]
        with suppress(BrokenProcessPool):  # it may know already
            tasks.append(executor.submit(_die, 2))
        for task in tasks:
            with raises(BrokenProcessPool):
                task.result(TIME_LIMIT)
    with ProcessPoolExecutor(1) as executor:
        assert executor.submit(_die, 2).result() == 2


def a_consumer() -> None:
    """a consumer, with an item that `get()` has returned | this item

    a consumer, while it waits in `get()` | no item, but the other consumers may wait forever

    a consumer, killed in the middle of an item | this item, and the use of the queue, as below
    """
    shown("lost-items/taken", "packed: ['apple', 'pear']")
    orders: SimpleQueue[str] = SimpleQueue()
    waiter = Process(target=orders.get)
    waiter.start()
    lock = orders._rlock  # type: ignore[attr-defined]
    while lock.acquire(block=False):
        lock.release()
        sleep(PAUSE)
    waiter.kill()
    waiter.join()
    orders.put("apple")
    assert not orders.empty()
    assert not lock.acquire(timeout=SURE)
    lock.release()  # as the waiter would have done
    assert orders.get() == "apple"
    if sys.platform == "win32":
        return
    reader = Process(target=_read_and_die, args=(orders,))
    reader.start()
    orders.put("apple" * 2000)
    reader.join()
    assert reader.exitcode == 9
    assert not lock.acquire(timeout=SURE)
    left = os.read(orders._reader.fileno(), 20_000)  # type: ignore[attr-defined]
    assert 0 < len(left) < 10_000 and b"apple" * 1000 in left


def a_producer() -> None:
    """a producer, by `return`, `sys.exit()` or an exception | nothing: Python first sends what was
    put, and waits for a reader

    a producer, killed in the middle of an item | this item, and the use of the queue: the others
    may wait forever
    """
    shown("lost-items/unsent", "return arrived\nsys.exit() arrived")
    shown("queue-deadlock/own_items", "still running after 5 s")
    shown("lock-holder-killed/killed_in_put", "still running after 5 s")
    raised = script(changed("lost-items/unsent", ("sys.exit(1)", "raise ValueError")))
    assert "ValueError" in raised.stderr and "sys.exit() arrived\n" in raised.stdout


def it_was_sent() -> None:
    """a producer, killed after `put()` of a `SimpleQueue` or `send()` of a pipe | nothing

    What has been sent is kept by the operating system, in the pipe. It stays there when its sender
    ends, and another process can read it later.

    A `SimpleQueue` has no feeder thread. When its `put()` returns, the item is in the pipe.
    """
    orders: SimpleQueue[str] = SimpleQueue()
    receiver, sender = Pipe(duplex=False)
    worker = Process(target=_put_and_die, args=(orders, sender))
    worker.start()
    worker.join()
    assert worker.exitcode
    assert (orders.get(), receiver.recv()) == ("apple", "pear")


def all_of_them() -> None:
    """all processes that have the queue or the pipe | all that is in it

    a manager | all that is in its queues
    """
    receiver, sender = Pipe(duplex=False)
    sender.send("apple")
    receiver.close()
    with raises(BrokenPipeError):  # the pipe is gone, although one has the sending end
        sender.send("pear")
    with Manager() as manager:
        orders = manager.Queue()
        orders.put("apple")
    with raises(EOFError, OSError):
        orders.get()


def daemons() -> None:
    """Daemons are terminated when their parent ends, so what they have not sent is lost. Join them
    first, after their items have been read.
    """
    shown("process/at_the_end", "daemon=True")
    shown("lost-items/unsent", "SIGTERM lost")  # which the parent sends them


def cancelled() -> None:
    """After `cancel_join_thread()`, a process does not wait either, however it ends."""
    put = "    orders.put(Order(sending))\n"
    late = "        sending.set()\n"
    lost = script(
        changed(
            "lost-items/unsent",
            (put, f"    orders.cancel_join_thread()\n{put}"),
            (late, "        pass\n"),
        )
    )
    assert lost.stdout.splitlines()[:2] == ["return lost", "sys.exit() lost"], lost


def before_os_exit() -> None:
    """If a process must end by `os._exit()`, call `orders.close()` and `orders.join_thread()`
    before it: they wait until everything is sent.
    """
    waits = "sending.set(); orders.close(); orders.join_thread(); os._exit(1)"
    sent = script(changed("lost-items/unsent", ("os._exit(1)", waits)))
    assert "os._exit() arrived\n" in sent.stdout


def in_the_manager() -> None:
    """The queue of a Manager is in the manager's process. What was put stays there when the
    producer dies. But the `get()` of a consumer also runs there, in a thread, and it goes on when
    the consumer is killed. The next item goes to this thread, which can no longer send it to
    anyone:

    `Orders` is the class behind `manager.Queue()`, with a method that tells when the worker waits.
    For each consumer that was killed while it waited, one item is lost, and no error is reported.
    """
    shown("lost-items/dead_reader", "class Orders(queue.Queue)", "worker.kill()", "orders left: 0")
    assert SyncManager._registry["Queue"][0] is queue.Queue  # type: ignore[attr-defined]
    with Manager() as manager:
        orders = manager.Queue()
        producer = Process(target=_put, args=(orders,))
        producer.start()
        producer.join()
        assert orders.get() == "apple"
        for _ in range(2):
            consumer = Process(target=_ask_and_die, args=(orders,))
            consumer.start()
            consumer.join()
            assert consumer.exitcode == 9
        for order in "apple", "glass":
            orders.put(order)
            while not orders.empty():
                sleep(PAUSE)
        orders.put("plum")
        assert orders.get() == "plum"


def it_gives_up() -> None:
    """If the consumers call `get(timeout=1)` in a loop, such a thread gives up after a second; an
    item that comes before that is still lost.
    """
    with_limit = (
        "        try:\n"
        "            return super().get(timeout=1)\n"
        "        finally:\n"
        "            self.over.set()\n\n"
        "    def wait_for_end(self):\n"
        "        self.over.wait()\n"
    )
    kept = script(
        changed(
            "lost-items/dead_reader",
            ("    waiting = Event()\n", "    waiting, over = Event(), Event()\n"),
            ("        return super().get()\n", with_limit),
            (
                '    orders.put("apple")\n',
                '    orders.wait_for_end()\n        orders.put("apple")\n',
            ),
            ("        while not orders.empty():\n            pass\n", ""),
        )
    )
    assert (kept.stdout, kept.stderr) == ("orders left: 1\n", "")
    lost = script(changed("lost-items/dead_reader", ("().get()", f"().get(timeout={TIME_LIMIT})")))
    assert (lost.stdout, lost.stderr) == ("orders left: 0\n", "")


def the_program() -> None:
    """All of this keeps the items in memory. If the program itself may be killed, keep them in a
    file. Here the program is killed after the first answer, and started again. Save it in the same
    folder, too; `answers` is that of the program above, here with one worker:

    An order is done when its weight is in the database. The second run does the others, which may
    include one that a worker of the first run had done already. The parent alone uses the database,
    so no lock is needed.
    """
    shown(
        "lost-items/kept", "if run == 1:\n                    os._exit(9)", "WHERE weight IS NULL"
    )
    shown("lost-items/kept", "run 1: exit 9, left 2\nrun 2: exit 0, left 0")
    shown("lost-items/kept", "import answers\n", "answers(weigh, left, 1)")
    shown("lost-items/kept", "in weighed:\n                with db:\n")
