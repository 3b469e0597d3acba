"""Notes what the processes of a run do; `python -m examples trace` asks for it.

EXAMPLE_TRACE names the file. Each event is one line of JSON, written at once, so that nothing is
lost when a process is killed: `e` what happened, `t` nanoseconds on the clock that all processes
share, `p` the process, `w` the thread if it is not the main one, `o` the object that it is about.
A call that may wait has two lines: `get` when it begins, `get.` when it ends, or `get!` where it
raises. What a tool does inside, such as a Queue with its locks, is not noted.

A message is noted where its bytes go through a connection, and linked by order: what is written
to one is read in the same order.
"""

from __future__ import annotations

import atexit
import os
import sys
from _json import encode_basestring_ascii as quoted
from functools import wraps
from importlib.machinery import PathFinder
from itertools import count as count_from
from itertools import pairwise
from multiprocessing import process
from threading import current_thread, get_ident, local
from time import monotonic_ns

TYPE_CHECKING = False  # what only types need takes longer to import than all else here
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType, ModuleType, TracebackType
    from typing import Any

    Call = Callable[..., Any]

FILE = os.environ["EXAMPLE_TRACE"]
MOST = 20_000  # events of one process: then it goes on alone
LONGEST = 20  # characters of a text
HIGH = 400  # a file descriptor that no program counts on
OURS = __file__
TOOLS = os.path.dirname(process.__file__)


class Here(local):
    """Of each thread: whether it is inside of a call that is noted as a whole."""

    inside = False


here = Here()
main_thread = get_ident()
count = 0
file = -1
lives = False
"""Whether this is one of the program's processes, and not a helper such as the fork server."""


def note(event: str, at: int = 0, /, **told: Any) -> None:
    """Write an event down, with numbers and texts that tell of it."""
    global count
    count += 1
    if count >= MOST:
        if count > MOST:
            return
        event, told = "too many", {}
    thread = get_ident()
    line = f'{{"e":"{event}","t":{at or monotonic_ns()},"p":{os.getpid()}'
    if thread != main_thread:
        line += f',"w":{thread}'
    for key, value in told.items():
        line += f',"{key}":{value if type(value) is int else quoted(str(value))}'
    try:
        os.write(file, f"{line}}}\n".encode())
    except OSError:  # the program closed what it does not know
        open_file()
        os.write(file, f"{line}}}\n".encode())


def open_file() -> None:
    """Open the file, out of the way of what the program opens."""
    global file
    import fcntl

    low = os.open(FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        file = fcntl.fcntl(low, fcntl.F_DUPFD_CLOEXEC, HIGH)
    except OSError:  # so many are not allowed
        file = low
    else:
        os.close(low)


def short(thing: Any) -> str:
    """What it is, in a few characters, without calling code of the program."""
    kind = type(thing)
    if kind in (str, bytes) and len(thing) > LONGEST:
        return f"{kind.__name__} of {len(thing):,}"
    if kind in (int, float, str, bytes, bool, type(None)):
        told = repr(thing)
        return told if len(told) <= 2 * LONGEST else kind.__name__
    if kind in (tuple, list) and len(thing) <= 4:
        told = ", ".join(map(short, thing)) + "," * (kind is tuple and len(thing) == 1)
        if len(told) <= LONGEST:
            return f"({told})" if kind is tuple else f"[{told}]"
    if kind in (tuple, list, dict, set):
        return f"{kind.__name__} of {len(thing):,}"
    return kind.__name__


def place() -> str:
    """The line of the program that makes something."""
    frame: FrameType | None = sys._getframe()
    while frame and (
        frame.f_code.co_filename == OURS or frame.f_code.co_filename.startswith(TOOLS)
    ):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}" if frame else ""


def replace(owner: Any, name: str, make: Callable[[Call], Call], static: bool = False) -> None:
    """Put something around a function or method."""
    old = getattr(owner, name)
    new = wraps(old)(make(old))
    setattr(owner, name, staticmethod(new) if static else new)


def whole(
    owner: Any,
    name: str,
    event: str,
    of: Callable[[Any], str],
    more: Callable[..., dict[str, str]] = lambda *_, **__: {},
    result: bool = False,
) -> None:
    """Note when a method begins and ends, and nothing of what it does inside.

    `more` is told of its beginning; an object without a name is not followed.
    """

    def make(call: Call) -> Call:
        def noted(self: Any, *arguments: Any, **named: Any) -> Any:
            if here.inside or not (name := of(self)):
                return call(self, *arguments, **named)
            note(event, o=name, **more(self, *arguments, **named))
            here.inside = True
            try:
                done = call(self, *arguments, **named)
            except BaseException as error:
                note(f"{event}!", o=name, x=type(error).__name__)
                raise
            else:
                note(f"{event}.", o=name, **({"i": short(done)} if result else {}))
                return done
            finally:
                here.inside = False

        return noted

    replace(owner, name, make)


def of_item(_: Any, obj: Any, *__: Any, **___: Any) -> dict[str, str]:
    """What a method is given to put or to send."""
    return {"i": short(obj)}


def made(owner: Any, kind: str, of: Callable[[Any], str], more: Call = lambda _: {}) -> None:
    """Note where an object is made."""

    def make(init: Call) -> Call:
        def noted(self: Any, *arguments: Any, **named: Any) -> Any:
            if here.inside:
                return init(self, *arguments, **named)
            here.inside = True
            try:
                init(self, *arguments, **named)
            finally:
                here.inside = False
            note("made", o=of(self), k=kind, at=place(), **more(self))
            return None

        return noted

    replace(owner, "__init__", make)


def quiet(owner: Any, name: str, static: bool = False) -> None:
    """Note nothing of what a function does inside, but the processes and the bytes."""

    def make(call: Call) -> Call:
        def unnoted(*arguments: Any, **named: Any) -> Any:
            before, here.inside = here.inside, True
            try:
                return call(*arguments, **named)
            finally:
                here.inside = before

        return unnoted

    replace(owner, name, make, static)


def name_of(lock: Any) -> str:
    """What a lock is called in all processes."""
    return str(lock._semlock.name or lock._trace_name)


def follow_process(module: ModuleType) -> None:
    """Note the start, the begin, and the end of each process, and who waits for it."""

    def start(call: Call) -> Call:
        def noted(child: Any) -> None:
            began = monotonic_ns()
            target = getattr(getattr(child, "_target", None), "__name__", type(child).__name__)
            call(child)
            note("start", began, c=child.pid, n=child.name, m=child._popen.method, f=target)

        return noted

    def bootstrap(call: Call) -> Call:
        def noted(child: Any, *arguments: Any, **named: Any) -> Any:
            global main_thread, count, lives
            here.inside, main_thread, count, lives = False, get_ident(), 0, True
            note("begin", n=child.name)
            status = call(child, *arguments, **named)
            note("return", r=status)
            return status

        return noted

    def join(call: Call) -> Call:
        def noted(child: Any, *arguments: Any, **named: Any) -> Any:
            pid = child.pid
            if here.inside or pid is None or hasattr(child, "_trace_joined"):
                return call(child, *arguments, **named)
            note("join", c=pid)
            try:
                call(child, *arguments, **named)
            except KeyboardInterrupt:
                note("join!", c=pid, x="KeyboardInterrupt")
                raise
            if child.exitcode is None:
                note("join!", c=pid)
            else:
                note("join.", c=pid)
                child._trace_joined = True
            return None

        return noted

    replace(module.BaseProcess, "start", start)
    replace(module.BaseProcess, "_bootstrap", bootstrap)
    replace(module.BaseProcess, "join", join)
    for name in "terminate", "kill":
        replace(module.BaseProcess, name, signaled)


def signaled(call: Call) -> Call:
    """Note that a process is told to end."""

    def noted(child: Any) -> None:
        if child.pid and not here.inside and not hasattr(child, "_trace_joined"):
            note("signal", c=child.pid, i=call.__name__)
        call(child)

    return noted


def follow_end(module: ModuleType) -> None:
    """Note the exit status that a parent sees, as a process that is killed notes none."""

    def poll(call: Call) -> Call:
        def noted(popen: Any, *arguments: Any, **named: Any) -> Any:
            before = popen.returncode
            status = call(popen, *arguments, **named)
            if before is None and status is not None:
                note("seen", c=popen.pid, r=status)
            return status

        return noted

    if "poll" in vars(module.Popen):
        replace(module.Popen, "poll", poll)


def follow_exit(module: ModuleType) -> None:
    """Note the end of a forked process, after all that it does at its end."""

    def leave(call: Call) -> Call:
        def noted(*arguments: Any, **named: Any) -> None:
            call(*arguments, **named)
            note("end")

        return noted

    replace(module, "_exit_function", leave)


def ended() -> None:
    """Note the end of this interpreter, if it was one of the program's processes."""
    if lives:
        note("end")


def follow_import(module: ModuleType) -> None:
    """Note that a child imports the program again."""

    def again(call: Call) -> Call:
        def noted(path: str) -> None:
            before = sys.modules["__main__"]
            call(path)
            if sys.modules["__main__"] is not before:
                note("import")

        return noted

    replace(module, "_fixup_main_from_path", again)


def follow_locks(module: ModuleType) -> None:
    """Note who waits for a lock, gets it, and releases it."""
    numbers = count_from()
    kinds = module.Lock, module.RLock, module.Semaphore, module.BoundedSemaphore

    def methods(call: Call) -> Call:
        def noted(lock: Any) -> None:
            call(lock)
            if lock._semlock.name is None:  # under fork, where children have the same object
                lock._trace_name = f"lock {os.getpid()}-{next(numbers)}"
            if isinstance(lock, kinds):
                follow_lock(lock)

        return noted

    replace(module.SemLock, "_make_methods", methods)
    module.SemLock.__enter__ = lambda lock: lock.acquire()
    module.SemLock.__exit__ = lambda lock, *_: lock.release()
    for kind in kinds:
        made(kind, kind.__name__, name_of, lambda lock: {"v": lock._semlock._get_value()})
    made(module.Condition, "Condition", condition, lambda it: {"l": name_of(it._lock)})
    made(module.Event, "Event", event)
    made(module.Barrier, "Barrier", barrier, lambda it: {"v": it.parties})
    whole(module.Condition, "wait", "wait", condition, result=True)
    whole(module.Condition, "wait_for", "test", condition, result=True)
    for name in "notify", "notify_all":
        whole(module.Condition, name, "notify", condition)
    whole(module.Event, "set", "set", event)
    whole(module.Event, "clear", "clear", event)
    quiet(module.Event, "is_set")
    whole(module.Event, "wait", "until", event, result=True)
    whole(module.Barrier, "wait", "barrier", barrier)
    whole(module.Barrier, "abort", "abort", barrier)
    whole(module.Barrier, "reset", "reset", barrier)


def condition(it: Any) -> str:
    """What a Condition is called in all processes."""
    return name_of(it._wait_semaphore)


def event(it: Any) -> str:
    """The same for an Event."""
    return condition(it._cond)


def barrier(it: Any) -> str:
    """The same for a Barrier."""
    return condition(it._cond)


def follow_lock(lock: Any) -> None:
    """Note what one process does with one lock."""
    take, give, name = lock.acquire, lock.release, name_of(lock)
    semlock, nests = lock._semlock, type(lock).__name__ == "RLock"

    def acquire(*how: Any, **named: Any) -> Any:
        if here.inside:
            return take(*how, **named)
        if nests and semlock._is_mine():
            note("again", o=name)
            return take(*how, **named)
        try:
            if how or named:
                note("lock", o=name)
                done = take(*how, **named)
            else:
                done = take(False)
                if not done:
                    note("lock", o=name)
                    done = take()
        except KeyboardInterrupt:
            note("lock!", o=name, x="KeyboardInterrupt")
            raise
        note("lock." if done else "lock!", o=name)
        return done

    def release() -> None:
        if not here.inside:
            keeps = nests and semlock._count() > 1
            note("keep" if keeps else "release", o=name)  # before, so that the next comes after it
        try:
            give()
        except (AssertionError, ValueError) as error:
            if not here.inside:
                note("release!", o=name, x=type(error).__name__)
            raise

    lock.acquire, lock.release = acquire, release


def follow_values(module: ModuleType) -> None:
    """Note what is read from a shared value, and written to it."""

    def get(shared: Any) -> Any:
        if here.inside:
            return value.fget(shared)
        here.inside = True
        try:
            with shared:
                read = shared._obj.value
                note("read", o=name_of(shared._lock), i=short(read))
        finally:
            here.inside = False
        return read

    def put(shared: Any, new: Any) -> Any:
        if here.inside:
            return value.fset(shared, new)
        here.inside = True
        try:
            with shared:
                note("write", o=name_of(shared._lock), i=short(new))
                shared._obj.value = new
        finally:
            here.inside = False
        return None

    value = module.Synchronized.value
    module.Synchronized.value = property(get, put)


def follow_connections(module: ModuleType) -> None:
    """Note each message where its bytes go through, and what the program sends itself."""

    def send(call: Call) -> Call:
        def noted(connection: Any, *arguments: Any) -> None:
            number = inode(connection)
            note("out", c=number)
            call(connection, *arguments)
            note("out.", c=number)

        return noted

    def receive(call: Call) -> Call:
        def noted(connection: Any, *arguments: Any) -> Any:
            number = inode(connection)
            got = call(connection, *arguments)
            note("in", c=number)
            return got

        return noted

    def pipe(call: Call) -> Call:
        def noted(*arguments: Any, **named: Any) -> Any:
            one, other = call(*arguments, **named)
            if not here.inside:
                note("made", o=str(inode(one)), c=inode(other), k="Pipe", at=place())
            return one, other

        return noted

    def made_of(connection: Any) -> str:
        return str(inode(connection))

    kind = module.Connection
    whole(module._ConnectionBase, "send", "send", made_of, more=of_item)
    of_bytes = lambda it, buf, *_, **__: of_item(it, buf)  # noqa: E731
    whole(module._ConnectionBase, "send_bytes", "send", made_of, more=of_bytes)
    whole(module._ConnectionBase, "recv", "receive", made_of, result=True)
    whole(module._ConnectionBase, "recv_bytes", "receive", made_of, result=True)
    quiet(module._ConnectionBase, "poll")
    replace(kind, "_send_bytes", send)
    replace(kind, "_recv_bytes", receive)
    replace(module, "Pipe", pipe)
    for name in "deliver_challenge", "answer_challenge":
        quiet(module, name)


def inode(connection: Any) -> int:
    """What the end of a pipe is called in all processes."""
    try:
        return os.fstat(connection._handle).st_ino
    except (OSError, TypeError):  # it is closed, and the call will say so
        return 0


def follow_queues(module: ModuleType) -> None:
    """Note what is put and got, and the thread that sends it."""

    def of(queue: Any) -> str:
        return name_of(queue._rlock)

    def start_thread(call: Call) -> Call:
        def noted(queue: Any) -> None:
            call(queue)
            note("feeder", o=of(queue), c=queue._thread.ident)

        return noted

    def not_sent(call: Call) -> Call:
        def noted(error: Exception, item: Any) -> None:
            note("unsent", x=type(error).__name__)
            call(error, item)

        return noted

    def finalize_join(call: Call) -> Call:
        def noted(thread: Any) -> Any:
            living = thread()
            if living is None:
                return call(thread)
            note("flush", c=living.ident)
            call(thread)
            note("flush.", c=living.ident)
            return None

        return noted

    def more(queue: Any) -> dict[str, int]:
        return {"v": getattr(queue, "_maxsize", 0), "c": inode(queue._reader)}

    made(module.JoinableQueue, "JoinableQueue", of, more)
    made(module.Queue, "Queue", of, more)
    made(module.SimpleQueue, "SimpleQueue", of, more)
    for kind in module.Queue, module.JoinableQueue, module.SimpleQueue:
        if "put" in vars(kind):
            whole(kind, "put", "put", of, more=of_item)
    for kind in module.Queue, module.SimpleQueue:
        whole(kind, "get", "get", of, result=True)
        quiet(kind, "empty")
    whole(module.JoinableQueue, "task_done", "task", of)
    whole(module.JoinableQueue, "join", "tasks", of)
    replace(module.Queue, "_start_thread", start_thread)
    replace(module.Queue, "_on_queue_feeder_error", not_sent, static=True)
    replace(module.Queue, "_finalize_join", finalize_join, static=True)
    quiet(module.Queue, "_feed", static=True)


def follow_pool(module: ModuleType) -> None:
    """Note which worker takes which task, and when it is done."""

    def of(result: Any) -> str:
        return f"job {result._job}"

    def task_of(_: Any, task: Any) -> dict[str, str]:
        job, _, function, values, _ = task
        if function.__name__ in ("mapstar", "starmapstar"):
            function, values = values[0]
        return {"o": f"job {job}", "i": called(function, values)}

    def result_of(_: Any, result: Any) -> dict[str, str]:
        return {"o": f"job {result[0]}", "i": "" if result[2][0] else "fails"}

    follow_tasks(module, "worker", task_of, result_of)
    for name in "_handle_workers", "_handle_tasks", "_handle_results":
        old = getattr(module.Pool, name)
        if hasattr(old, "__self__"):  # a class method
            quiet_class_method(module.Pool, name)
        else:
            quiet(module.Pool, name, static=True)
    quiet_class_method(module.Pool, "_terminate_pool")
    made(module.Pool, "Pool", pool_name)
    for name in "close", "join", "terminate":
        whole(module.Pool, name, f"pool_{name}", pool_name)
    for kind in module.ApplyResult, module.IMapIterator:
        made(kind, kind.__name__, of)
    whole(module.ApplyResult, "get", "result", of, result=True)
    whole(module.IMapIterator, "next", "result", of, result=True)
    module.IMapIterator.__next__ = module.IMapIterator.next


def pool_name(pool: Any) -> str:
    """What a pool is called in its process."""
    return f"pool {id(pool)}"


def called(function: Any, values: Any) -> str:
    """A task, as a call."""
    told = ", ".join(short(value) for value in values)
    return f"{getattr(function, '__name__', 'task')}({told})"


def follow_tasks(module: ModuleType, name: str, task_of: Call, result_of: Call) -> None:
    """Note what a worker takes from its queue of tasks and puts into that of results.

    Both functions get the first queue, too; of what is not noted, they tell nothing.
    """

    def worker(call: Call) -> Call:
        def noted(tasks: Any, results: Any, *arguments: Any, **named: Any) -> None:
            get, put = tasks.get, results.put

            def take(*how: Any, **named: Any) -> Any:
                task = get(*how, **named)
                here.inside = False
                if task:
                    note("take", **task_of(tasks, task))
                return task

            def done(result: Any) -> None:
                here.inside = True
                if told := result_of(tasks, result):
                    note("done", **told)
                put(result)

            tasks.get, results.put = take, done
            here.inside = True
            call(tasks, results, *arguments, **named)
            here.inside = False

        return noted

    replace(module, name, worker)


def follow_executor(module: ModuleType) -> None:
    """Note which worker of an executor takes which task, and who gets the result."""

    def job(tasks: Any, number: int) -> str:
        return f"job {name_of(tasks._rlock)} {number}"

    def task_of(tasks: Any, task: Any) -> dict[str, str]:
        function, values = task.fn, task.args
        if getattr(function, "func", None) is module._process_chunk:
            function, values = function.args[0], values[0]
            values = values[0] if len(values) == 1 else values
        return {"o": job(tasks, task.work_id), "i": called(function, values)}

    def result_of(tasks: Any, result: Any) -> dict[str, str]:
        if type(result) is not module._ResultItem:
            return {}
        return {"o": job(tasks, result.work_id), "i": "fails" if result.exception else ""}

    def submit(call: Call) -> Call:
        def noted(executor: Any, *arguments: Any, **named: Any) -> Any:
            name = job(executor._call_queue, executor._queue_count)
            note("submit", o=name)
            here.inside = True
            try:
                future = call(executor, *arguments, **named)
            finally:
                here.inside = False
            future._trace_name = name
            return future

        return noted

    def of(future: Any) -> str:
        return getattr(future, "_trace_name", "")  # one of a thread has none

    whole(module._base.Future, "result", "result", of, result=True)
    follow_tasks(module, "_process_worker", task_of, result_of)
    replace(module.ProcessPoolExecutor, "submit", submit)
    whole(module.ProcessPoolExecutor, "shutdown", "pool_shutdown", pool_name)
    quiet(module.ProcessPoolExecutor, "__init__")
    quiet(module._ExecutorManagerThread, "run")


def quiet_class_method(owner: Any, name: str) -> None:
    """The same as `quiet` for a class method."""
    call = vars(owner)[name].__func__

    @wraps(call)
    def unnoted(cls: Any, *arguments: Any, **named: Any) -> Any:
        before, here.inside = here.inside, True
        try:
            return call(cls, *arguments, **named)
        finally:
            here.inside = before

    setattr(owner, name, classmethod(unnoted))


def follow_managers(module: ModuleType) -> None:
    """Note each call of a manager, and when it is served."""

    def of(proxy: Any) -> str:
        return str(proxy._token.id)

    def asked(proxy: Any, name: str, *_: Any, **__: Any) -> dict[str, str]:
        told = f"{name}() of the {proxy._token.typeid}"
        return {"i": told, "n": process.current_process().name}

    def serve(call: Call) -> Call:
        def noted(server: Any, connection: Any) -> None:
            receive, send = connection.recv, connection.send
            name = ""

            def request() -> Any:
                nonlocal name
                asked_for = receive()
                name = asked_for[1]
                return asked_for

            def answer(message: Any) -> None:
                nonlocal name
                if name:  # and not an error of the connection
                    note("serve", i=name, n=current_thread().name.partition("|")[0])
                    name = ""
                send(message)

            connection.recv, connection.send = request, answer
            here.inside = True
            call(server, connection)

        return noted

    def shut_down(call: Call) -> Call:
        def noted(server: Any, *arguments: Any, **named: Any) -> None:
            if server.is_alive():
                note("shutdown", c=server.pid)
            call(server, *arguments, **named)

        return noted

    replace(module.Server, "serve_client", serve)
    whole(module.BaseProxy, "_callmethod", "call", of, more=asked, result=True)
    replace(module.BaseManager, "_finalize_manager", shut_down, static=True)
    for name in "start", "_create", "shutdown":
        if hasattr(module.BaseManager, name):
            quiet(module.BaseManager, name)
    quiet(module, "dispatch")
    quiet_class_method(module.BaseManager, "_run_server")
    quiet(module.Server, "serve_forever")
    quiet(module.Server, "handle_request")


def follow_shared_memory(module: ModuleType) -> None:
    """Note who creates, attaches to and unlinks a block."""

    def of(block: Any) -> str:
        return str(block._name)

    def init(call: Call) -> Call:
        def noted(
            block: Any, name: Any = None, create: bool = False, *more: Any, **named: Any
        ) -> None:
            call(block, name, create, *more, **named)
            if create:
                note("made", o=of(block), k="SharedMemory", at=place())
            elif lives:  # and not an argument, which is there before the process begins
                note("attach", o=of(block))

        return noted

    replace(module.SharedMemory, "__init__", init)
    whole(module.SharedMemory, "unlink", "unlink", of)


def trim_tracebacks(module: ModuleType) -> None:
    """Leave the lines of this file out of what the program prints of an error."""

    def init(call: Call) -> Call:
        def trimmed(self: Any, kind: Any, value: Any, trace: Any, **named: Any) -> None:
            call(self, kind, value, trim(trace), **named)

        return trimmed

    replace(module.TracebackException, "__init__", init)


def trim(trace: TracebackType | None) -> TracebackType | None:
    """A traceback without the lines of this file."""
    while trace and trace.tb_frame.f_code.co_filename == OURS:
        trace = trace.tb_next
    one = trace
    while one:
        while one.tb_next and one.tb_next.tb_frame.f_code.co_filename == OURS:
            one.tb_next = one.tb_next.tb_next
        one = one.tb_next
    return trace


FOLLOW = {
    "traceback": trim_tracebacks,
    "multiprocessing.process": follow_process,
    "multiprocessing.util": follow_exit,
    "multiprocessing.popen_fork": follow_end,
    "multiprocessing.popen_forkserver": follow_end,
    "multiprocessing.spawn": follow_import,
    "multiprocessing.synchronize": follow_locks,
    "multiprocessing.sharedctypes": follow_values,
    "multiprocessing.connection": follow_connections,
    "multiprocessing.queues": follow_queues,
    "multiprocessing.pool": follow_pool,
    "multiprocessing.managers": follow_managers,
    "multiprocessing.shared_memory": follow_shared_memory,
    "concurrent.futures.process": follow_executor,
}


class Follow:
    """Follows a module once it is imported: a program does not pay for what it does not use."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Called for each module that is imported."""
        if name not in FOLLOW:
            return None
        spec = PathFinder.find_spec(name, path)
        if spec and spec.loader:
            run, follow = spec.loader.exec_module, FOLLOW[name]

            def exec_module(module: ModuleType) -> None:
                run(module)
                follow(module)

            spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


open_file()
for name, follow in FOLLOW.items():
    if name in sys.modules:
        follow(sys.modules[name])
sys.meta_path.insert(0, Follow())
hook = sys.excepthook
sys.excepthook = lambda kind, value, trace: hook(kind, value, trim(trace))
is_helper = any(
    option == "-c" and "multiprocessing" in code for option, code in pairwise(sys.orig_argv)
)
if not is_helper:
    lives = True
    note("begin", n="main program")
atexit.register(ended)
