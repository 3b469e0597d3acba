"""What docs/syntax/shared-memory-manager.md says."""

import gc
import os
import pickle
import signal
import sys
from multiprocessing import Pipe, Process, get_context, get_start_method, managers, util
from multiprocessing.connection import Connection
from multiprocessing.managers import SharedMemoryManager
from multiprocessing.shared_memory import ShareableList, SharedMemory
from typing import Any

from tests.claims import no_fact, raises, script, shown

_DISPATCH: Any = vars(managers)["dispatch"]


CONNECTED = """
import subprocess
import sys
from multiprocessing.managers import SharedMemoryManager
from multiprocessing.shared_memory import SharedMemory

OTHER = '''
import sys
from multiprocessing.managers import SharedMemoryManager

if __name__ == "__main__":
    manager = SharedMemoryManager(("127.0.0.1", int(sys.argv[1])), authkey=b"key")
    manager.connect()
    block = manager.SharedMemory(8)
    print(block.name)
    block.close()
'''

def is_there(name):
    try:
        block = SharedMemory(name)
    except FileNotFoundError:
        return False
    block.close()
    return True

if __name__ == "__main__":
    with SharedMemoryManager(("127.0.0.1", 0), authkey=b"key") as manager:
        port = str(manager.address[1])
        command = [sys.executable, "-W", "ignore", "-c", OTHER, port]
        run = subprocess.run(command, capture_output=True, text=True)
        print(is_there(run.stdout.strip()))
        later = manager.SharedMemory(8)
        later.close()
    print(is_there(later.name))
    later.unlink()
"""


INTERRUPTED = """
import signal
from multiprocessing.managers import SharedMemoryManager

if __name__ == "__main__":
    manager = SharedMemoryManager()
    manager._Client = lambda *_, **__: signal.raise_signal(signal.SIGINT)  # as at its end
    try:
        with manager:
            pass
    except KeyboardInterrupt:
        print("interrupted", flush=True)
"""


def _be_killed(sender: Connection, number: int) -> None:
    """As a program is that has a manager."""
    manager = _started()
    sender.send((manager.SharedMemory(8).name, manager._process.pid))
    os.kill(os.getpid(), number)


def _exit_at_sigterm(sender: Connection) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(3))
    with SharedMemoryManager() as manager:
        block: Any = manager.SharedMemory(8)
        sender.send(block.name)
        block.close()
        signal.raise_signal(signal.SIGTERM)


def _started() -> Any:
    manager = SharedMemoryManager()
    manager.start()
    return manager


def _names(manager: Any) -> Any:
    """What the manager's process holds."""
    with manager._Client(manager._address, authkey=manager._authkey) as connection:
        return _DISPATCH(connection, None, "list_segments")


def _is_there(name: str) -> bool:
    try:
        SharedMemory(name).close()
    except FileNotFoundError:
        return False
    return True


def blocks_of_a_manager() -> None:
    """A `SharedMemoryManager` makes shared memory blocks, and unlinks all of them when its `with`
    block ends.

    The manager comes from `multiprocessing.managers`, and makes ordinary SharedMemory and
    ShareableList objects.

    `with SharedMemoryManager() as manager:` | starts the manager's process; at the end, unlinks
    all of its blocks and ends it

    `SharedMemory(size)` | makes a block of at least `size` bytes; Python chooses the name

    `ShareableList(sequence)` | makes a list with these values

    The manager is a process of its own, as with every Manager, but it holds only the list of
    names. The blocks are made in *your* process, and no read or write goes through the manager.

    You still call `close()`: it ends the use of a block by one object.

    Under `forkserver` and `spawn`, the manager itself cannot be an argument of a process: `start()`
    raises `TypeError: cannot pickle 'weakref.ReferenceType' object`. Make the blocks in the parent,
    and pass those.
    """
    assert managers.SharedMemoryManager is SharedMemoryManager
    with SharedMemoryManager() as manager:
        server: Any = manager._process  # type: ignore[attr-defined]
        assert server.is_alive() and server.pid != os.getpid()
        if get_start_method() != "fork":
            with raises(TypeError, text="cannot pickle 'weakref.ReferenceType' object"):
                Process(target=print, args=(manager,)).start()
        block: Any = manager.SharedMemory(100)
        items: Any = manager.ShareableList(["tea", 2])
        assert (type(block), type(items)) == (SharedMemory, ShareableList)
        assert (block.size >= 100, list(items)) == (True, ["tea", 2])
        names = [block.name, items.shm.name]
        assert _names(manager) == names
        if hasattr(signal, "SIGSTOP"):
            os.kill(server.pid, signal.SIGSTOP)
        block.buf[0] = 7
        assert (block.buf[0], items[1]) == (7, 2)
        if hasattr(signal, "SIGSTOP"):
            os.kill(server.pid, signal.SIGCONT)
        block.close()
        assert block.buf is None
        items.shm.close()
        assert _names(manager) == names
        assert all(map(_is_there, names)) or sys.platform == "win32"
    assert not any(map(_is_there, names))
    assert server.exitcode == 0


def start_and_shutdown() -> None:
    """`start(initializer=None, initargs=())`, `shutdown()` | what `with` does at its beginning and
    at its end

    An object that was opened before still works until it is closed. On Windows, the block itself
    remains until then.
    """
    manager = SharedMemoryManager()
    manager.start(os.putenv, ("CLAIM", "1"))
    block: Any = manager.SharedMemory(8)
    manager.shutdown()
    if sys.platform != "win32":
        assert not _is_there(block.name)
        block.buf[0] = 7
        assert block.buf[0] == 7
    block.close()


def kept_in_a_variable() -> None:
    """Keep the manager in a variable: when nothing refers to it any longer, it ends, and its
    blocks are removed.
    """
    manager = _started()
    block, server = manager.SharedMemory(8), manager._process
    block.close()
    assert server.is_alive()
    del manager
    gc.collect()
    assert not server.is_alive()
    assert not _is_there(block.name)


def if_you_unlink() -> None:
    """If you unlink a block of the manager, the manager does not find that block at the end, and
    gives up: the blocks that were made after it remain. Silent. No error is reported. Without
    the last two lines of this `main()`, only a warning about leaked shared_memory objects would
    follow. The address makes the manager listen at a port, because the manager would not remove
    the file at which it listens otherwise.
    """
    shown("shared-memory-manager/unlinked_twice", '(("127.0.0.1", 0))', "left.unlink()\n\n\nif")
    shown("shared-memory-manager/unlinked_twice", "Output\nThe second block is still there")
    shown("leaked-shared-memory/never_unlinked", "leaked shared_memory objects to clean up")
    if sys.platform != "win32":
        util.get_temp_dir()  # where the file will be; it is removed when this process ends
        with SharedMemoryManager(shutdown_timeout=0.01) as manager:
            blocks = [manager.SharedMemory(8) for _ in range(3)]
            for block in blocks:
                block.close()
            blocks[1].unlink()
        assert [_is_there(block.name) for block in blocks] == [False, False, True]
        blocks[2].unlink()
        assert isinstance(manager.address, str)
        os.unlink(manager.address)


def read_inside() -> None:
    """Read the results inside the `with` block, and join the workers there.

    Join the workers inside the block.
    """
    no_fact("advice")


def what_can_be_shared() -> None:
    """A block holds bytes, and a list holds numbers and short texts: see SharedMemory and
    ShareableList. Both may be arguments of a `Process`, and of a task of a `Pool`:
    """
    shown("shared-memory-manager/smallest", "args=(picture, report)", "b'colors' ['painted', 6]")
    shown("shared-memory-manager/with_pool", "pool.starmap(brighten, rows)", "[100, 113, 126, 139]")
    items = ShareableList([1, 2])
    received = pickle.loads(pickle.dumps(items))  # as an argument of a task is
    assert list(received) == [1, 2]
    received.shm.close()
    items.shm.close()
    items.shm.unlink()


def a_row_each() -> None:
    """Here each task changes a row of its own, so no lock is needed. A task does not close the
    block: tasks that a pool sends together share one object, and after `close()` the next one
    would fail.
    """
    shown("shared-memory-manager/with_pool", "start = row * 4", "[100, 113, 126, 139]")
    block = SharedMemory(create=True, size=1)
    try:
        tasks = pickle.loads(pickle.dumps([(block, 0), (block, 1)]))  # as a pool sends them
        (first, _), (second, _) = tasks
        first.close()
        with raises(TypeError, text="not subscriptable"):
            second.buf[0]
    finally:
        block.close()
        block.unlink()


def the_manager_first() -> None:
    """Name the manager first in the `with` line: what is named last ends first, and the pool
    should end before its blocks are removed. Under `fork`, the workers of a pool that is created
    first can also have resource trackers of their own, which unlink the blocks when the workers
    end.
    """
    started = "worker.start()\n    worker_end.close()\n    image = SharedMemory("
    shown("tracker-per-worker/removed_in_use", started, "FileNotFoundError")
    shown("shared-memory-manager/with_pool", "with SharedMemoryManager() as manager, Pool(2)")
    ended = []

    class _Thing:
        def __init__(self, name: str) -> None:
            self.name = name

        def __enter__(self) -> None:
            pass

        def __exit__(self, *error: object) -> None:
            ended.append(self.name)

    with _Thing("manager"), _Thing("pool"):
        pass
    assert ended == ["pool", "manager"]


def no_locks() -> None:
    """This manager makes no locks. Use one from `multiprocessing`, as the pages about
    SharedMemory and ShareableList do.
    """
    assert not {"Lock", "RLock", "Condition"} & set(dir(SharedMemoryManager))
    shown("shared-memory/with_lock", "from multiprocessing import Lock", "Visitors: 400")
    shown("shareable-list/with_lock", "from multiprocessing import Lock", "left: 800")


def unlinked_by_its_process() -> None:
    """At the end, the manager's process attaches to each block of its list and unlinks it."""
    tracker: Any = managers._SharedMemoryTracker  # type: ignore[attr-defined]
    block = SharedMemory(create=True, size=8)
    block.close()
    tracker("ours", [block.name]).unlink()  # as its process does when it is told to end
    assert not _is_there(block.name)


def used_after_close() -> None:
    """An array that is used after `close()` can cause a segmentation fault, or read other data.
    Some arrays make `close()` raise `BufferError` ("cannot close exported pointers exist").
    """
    shown("closed-shared-memory/read_after_close", "prices.close()", "of the worker: -11")
    shown("closed-shared-memory/other_block", "prices.close()", "Prices: [7, 8, 9]")
    shown("closed-shared-memory/never_closed", "np.frombuffer", "BufferError: cannot close")


def vanished() -> None:
    """If a program that was started on its own attaches by name, or makes a block after
    `connect()`, that block can vanish when that program ends. Then the manager leaves other
    blocks behind, as after an `unlink()` of your own.
    """
    if sys.platform != "win32":
        assert script(CONNECTED).stdout == "False\nTrue\n"
    shown("shared-memory-manager/unlinked_twice", "Output\nThe second block is still there")
    shown("shared-memory-vanished/tracked_reader", "Exit status of the reader: 1", "leaked")


def killed() -> None:
    """If only your program is killed, the manager's process goes on, and does not remove the
    blocks. SIGTERM, as from `kill`, kills the program, too, unless its handler raises an exception:
    then the blocks are removed.
    """
    if sys.platform == "win32":
        return
    receiver, sender = Pipe(duplex=False)
    for number in (signal.SIGKILL, signal.SIGTERM):
        program = Process(target=_be_killed, args=(sender, number))
        program.start()
        name, server = receiver.recv()
        program.join()
        block = SharedMemory(name)
        block.close()
        block.unlink()
        os.kill(server, signal.SIGTERM)  # which raises an error if it is not there
        assert program.exitcode == -number
    program = Process(target=_exit_at_sigterm, args=(sender,))
    program.start()
    name = receiver.recv()
    program.join()
    assert program.exitcode == 3
    assert not _is_there(name)
    receiver.close()
    sender.close()


def interrupted() -> None:
    """If Ctrl-C interrupts the end of the `with` block, for example a second Ctrl-C, the program
    can wait forever for the manager's process.
    """
    assert script(INTERRUPTED, hangs_after="interrupted\n").status is None


def bus_error() -> None:
    """If `/dev/shm` is full, a read or a write can end the process with a bus error."""
    shown("shared-memory-full/bus_error", "Writing\nKilled by SIGBUS")


def every_message() -> None:
    """This program causes the errors before `start()`, at a second `start()`, and after
    `shutdown()`:
    """
    shown("shared-memory-manager/every_message", "before start():", "start() again:")
    shown("shared-memory-manager/every_message", "after shutdown():", "start() after shutdown():")


def every_start_method() -> None:
    """The programs on this page print the same under every start method: `fork`, `forkserver` and
    `spawn`.
    """
    shown("shared-memory-manager/smallest", "Output\nb'colors'")
    shown("shared-memory-manager/started", "Output\n[0, 7, 0]")
    shown("shared-memory-manager/with_pool", "Output\n[100")
    shown("shared-memory-manager/unlinked_twice", "Output\nThe second")
    shown("shared-memory-manager/every_message", "Output\nbefore start()")


def a_name_of_your_choice() -> None:
    """To choose the name of a block: SharedMemory."""
    shown("shared-memory/names", "Created: com.example.weather")


def after_the_program() -> None:
    """To keep data after the program ends: a file, mapped if it is big."""
    shown("mmap/own_lock", "file.read()))", "Tickets sold: 100")


def what_grows() -> None:
    """To share lists and dicts that grow: Manager."""
    shown("manager/smallest", "ratings[film] = stars", "[('Alien', 5), ('Brazil', 4)]")


def numbers() -> None:
    """To share one number: Value. To share an array of numbers: Array."""
    shown("value/smallest", "Tickets sold: 3")
    shown("array/smallest", "Degrees: [19.5, 22.0, 20.5]")


def what_for() -> None:
    """Use it when your own program creates the blocks."""
    no_fact("advice")


def the_call() -> None:
    """`SharedMemoryManager()` needs no arguments. It accepts those of a BaseManager, such as
    `ctx`.
    """
    from inspect import signature

    assert str(signature(SharedMemoryManager)) == "(*args, **kwargs)"
    context: Any = get_context("spawn")
    manager: Any = SharedMemoryManager(None, b"key", "pickle", context, shutdown_timeout=2.0)
    assert (manager._authkey, manager._ctx, manager._shutdown_timeout) == (b"key", context, 2.0)
    with raises(TypeError):
        SharedMemoryManager(size=8)  # type: ignore[call-arg]


def all_others() -> None:
    """all others | as with a BaseManager"""
    ours = {name for name in vars(SharedMemoryManager) if name[0] != "_"}
    assert issubclass(SharedMemoryManager, managers.BaseManager)
    assert ours == {"SharedMemory", "ShareableList", "get_server"}
    assert issubclass(SharedMemoryManager._Server, managers.Server)  # type: ignore[attr-defined]


def every_block() -> None:
    """There is no `unlink()` to forget, and you must not call it: your own does harm."""
    shown("shared-memory-manager/unlinked_twice", "first.unlink()", "second block is still there")


def by_hand() -> None:
    """Where a `with` block does not fit, for example in a class, call `start()` and
    `shutdown()`.
    """
    shown("shared-memory-manager/started", "manager.shutdown()", "[0, 7, 0]")


def with_an_error() -> None:
    """The blocks are removed after an error, too. This is the reason to use a manager: a
    `SharedMemory` of its own needs `try` and `finally`, because it cannot be used in a `with`
    statement.
    """
    shown("shared-memory-manager/after_error", "raise ValueError", "The block is gone")
    assert not hasattr(SharedMemory, "__enter__")


def after_that() -> None:
    """On Linux and macOS, no process can attach to the blocks after the `with` block: attaching by
    name raises `FileNotFoundError`.

    A worker that attaches to a block after the end of the `with` block gets `FileNotFoundError`.
    """
    shown(
        "shared-memory-manager/gone", "SharedMemory(name)\n    except", "FileNotFoundError: No such"
    )


def what_becomes_of_it() -> None:
    """If a worker fails before it has written, the block keeps the old bytes, and the program
    ends with exit status 0.

    After each `join()`, look at the worker's `exitcode`.

    This is what becomes of the first program of this page if a fault is put in:
    """
    shown(
        "shared-memory-manager/smallest",
        "If something fails",
        "a worker is killed            wrong result",
    )


def made_in_the_parent() -> None:
    """It is less work to make the blocks in the parent, which keeps them open, and to let the child
    fill them.
    """
    shown("shared-memory-manager/with_pool", "manager.SharedMemory(")
