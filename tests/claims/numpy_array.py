"""What docs/examples/numpy-array.md says."""

import os
import pickle
import signal
import sys
from ctypes import addressof, string_at
from importlib import import_module
from multiprocessing import Array, Lock, Pool, Process, RawArray, util
from multiprocessing.managers import SharedMemoryManager
from multiprocessing.shared_memory import SharedMemory
from typing import Any

from tests.claims import SURE, changed, no_fact, raises, script, shown

A_WORKER_FAILS = """
from multiprocessing import Process
from multiprocessing.shared_memory import SharedMemory

def brighten(block, row):
    if row == 1:
        raise ValueError("no such row")
    block.buf[row] += 50
    block.close()

if __name__ == "__main__":
    block = SharedMemory(create=True, size=2)
    workers = [Process(target=brighten, args=(block, row)) for row in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    bright = list(block.buf[:2]).count(50)
    block.close()
    block.unlink()
    print("Bright pixels:", bright)
"""

ENDED_BY_SIGTERM = """
import os
import signal
from multiprocessing.shared_memory import SharedMemory

if __name__ == "__main__":
    block = SharedMemory(create=True, size=1)
    print(block.name, flush=True)
    try:
        os.kill(os.getpid(), signal.SIGTERM)
    finally:
        print("finally")
"""
block: Any  # of a worker of a pool: its initializer sets it


def _write(name: str, index: int) -> None:
    opened: Any = SharedMemory(name=name)
    opened.buf[index] += 1
    opened.close()


def _add(memory: Any) -> None:
    memory[0] += 1


def _attach(name: str) -> None:
    global block
    block = SharedMemory(name=name)
    block.buf[0] += 1


def _read(index: int) -> Any:
    return block.buf[index]


def the_first_program() -> None:
    """Put the array in a `SharedMemory` block, pass each worker the block's name and the array's
    shape and dtype (the type of its numbers), and let each worker write its own rows.

    All 240,000 pixels are bright: the workers wrote into the parent's array.
    """
    shown("numpy-array/own_rows", "args = (block.name, image.shape, image.dtype, top)")
    shown("numpy-array/own_rows", "image[top : top + 100] += 50", "Output\nBright pixels: 240000")


def a_worker_fails() -> None:
    """If a worker raises an exception or is killed, the program removes the block, names each
    failed worker with its exit code, and ends with exit status 1.
    """
    first = "    block = SharedMemory(name=name)\n"
    fails = "    if top == 100:\n        raise ValueError\n"
    killed = "    if top == 200:\n        os.kill(os.getpid(), 9)\n"
    program = changed("numpy-array/own_rows", (first, fails + killed + first))
    outcome = script(f"import os\n{program}")
    told = "Rows are missing, exit codes: {'Process-2': 1, 'Process-3': -9}"
    assert (outcome.stdout, outcome.status) == ("", 1)
    assert told in outcome.stderr.splitlines()
    assert "leaked" not in outcome.stderr


def it_waits() -> None:
    """It waits for a worker that never ends, until you add a time limit."""
    shown("numpy-array/own_rows", "        worker.join()\n")
    shown("stop-early/time_limit", "join(")


def one_block() -> None:
    """`SharedMemory(create=True, size=...)` makes a block, and `SharedMemory(name=...)` opens the
    same block in a worker.
    """
    made: Any = SharedMemory(create=True, size=2)
    worker = Process(target=_write, args=(made.name, 1))
    worker.start()
    worker.join()
    assert bytes(made.buf[:2]) == b"\0\1"
    made.close()
    made.unlink()


def the_bytes_of_the_block() -> None:
    """`np.ndarray(shape, dtype, buffer=block.buf)` makes an array whose numbers are the bytes of
    the block: nothing is copied. The block holds bytes only, so the worker needs the same shape
    and dtype.
    """
    import numpy as np

    made: Any = SharedMemory(create=True, size=8)
    array = np.ndarray((2, 4), np.uint8, buffer=made.buf)
    array[1, 3] = 7
    other = np.ndarray(2, np.dtype(">u4"), buffer=made.buf)
    assert (made.buf[7], other.tolist()) == (7, [0, 7])
    assert not {"shape", "dtype"} & set(dir(made))
    del array, other
    made.close()
    made.unlink()


def copied_in_once() -> None:
    """`image[:] = photo` copies an existing array into the block, once. `image = photo` would
    leave the block unchanged.
    """
    shown("numpy-array/own_rows", "image[:] = photo", "Bright pixels: 240000")
    shown("array-rebound/numpy_new", "prices = prices * 2", "In the parent: [5.0, 7.0, 9.0]")


def no_lock_is_needed() -> None:
    """No two workers write the same row, so no lock is needed: processes may change different
    slices of one array simultaneously.
    """
    shown("numpy-array/own_rows", "range(0, 400, 100)", "top : top + 100", "240000")


def look_at_the_exit_code() -> None:
    """The program looks at each `exitcode`, because `join()` returns for a failed worker as for
    any other. Without that check it would print too few pixels and end with exit status 0.
    """
    outcome = script(A_WORKER_FAILS)
    assert (outcome.stdout, outcome.status) == ("Bright pixels: 1\n", 0)
    assert "ValueError: no such row" in outcome.stderr
    shown("numpy-array/own_rows", "if w.exitcode}\n        if failed:\n            sys.exit(")


def close_comes_last() -> None:
    """At the end the order matters: first `del image`, then `block.close()`. An array that is
    read after `close()` can crash the process with a segmentation fault, or silently give the
    data of another block.
    """
    shown("closed-shared-memory/read_after_close", "Exit code of the worker: -11")
    shown("closed-shared-memory/other_block", "Output, on Linux\nPrices: [7, 8, 9]")
    shown("numpy-array/own_rows", "del image\n        block.close()\n        block.unlink()")


def unlink_once() -> None:
    """The process that made the block calls `block.unlink()` once, after the workers have ended.
    Without that call the block remains. The call stands in a `finally`, so an error does not skip
    it.
    """
    shown("numpy-array/own_rows", "worker.join()\n", "    finally:\n", "block.unlink()\n\n\nif")
    made: Any = SharedMemory(create=True, size=2)
    worker = Process(target=_write, args=(made.name, 0))
    worker.start()
    worker.join()
    made.close()
    again: Any = SharedMemory(made.name)
    assert again.buf[0] == 1
    again.close()
    again.unlink()
    with raises(FileNotFoundError):
        SharedMemory(made.name)


def once_in_each_worker() -> None:
    """Attach to the block in an initializer: a function that each worker of the pool calls once,
    before its first task. Then a task is only the number of a row, not an array.
    """
    shown(
        "numpy-array/pool",
        "ProcessPoolExecutor(2, None, attach, args)",
        "map(best_day, range(4))",
        "[11, 200, 45",
    )
    made: Any = SharedMemory(create=True, size=1)
    with Pool(1, initializer=_attach, initargs=(made.name,)) as pool:
        assert pool.map(_read, [0] * 3, chunksize=1) == [1] * 3
    made.close()
    made.unlink()


def keep_the_block() -> None:
    """The worker keeps `block` in a global variable, too. A `SharedMemory` object that nothing
    refers to closes itself, and the memory of the array would be gone.
    """
    shown("numpy-array/pool", "global block, sales\n", "    block = SharedMemory(name=name)\n")
    shown("closed-shared-memory/block_lost", "return np.ndarray(", "Exit code of the worker: -11")


def in_an_executor() -> None:
    """The program uses a ProcessPoolExecutor, which raises an error if the initializer raises an
    exception or a worker is killed, apart from some cases in which it waits. A `Pool` has the same
    parameters `initializer` and `initargs`, but `pool.map` waits forever in both cases; in the
    first, the pool starts new workers all the time.
    """
    from concurrent.futures import ProcessPoolExecutor
    from inspect import signature

    from tests.claims._executors import an_executor_waits

    assert an_executor_waits()
    shown("numpy-array/pool", "with ProcessPoolExecutor(")
    assert {"initializer", "initargs"} <= set(signature(ProcessPoolExecutor).parameters)
    assert {"initializer", "initargs"} <= set(signature(Pool).parameters)
    shown("killed-worker/executor_raises", "os._exit(1)", "Output\nResizing\nBrokenProcessPool: ")
    shown("killed-worker/pool_hangs", "os._exit(1)", "pool.map(resize", "still running after")
    shown("process-pool-executor/initializer_fails", "BrokenProcessPool")
    shown("pool/initializer_raises", "one worker after the other", "still running after 5 s")


def it_watches_its_parent() -> None:
    """The workers of an executor outlive a killed parent, so a thread in each of them waits for
    its end.
    """
    shown("numpy-array/pool", "parent_process().join()\n    os._exit(1)", "Thread(target=end_with")
    shown("ctrl-c", "Thread(target=end_with_parent, daemon=True).start()")


def several_steps() -> None:
    """`+=` reads, adds and writes. If two workers do that to the same elements at the same time,
    updates may be lost.
    """
    import numpy as np

    shown("race/unsafe_every_time", "Tickets sold by 4 sellers: 1")
    votes, other = np.zeros(1, np.int64), np.zeros(1, np.int64)
    for array in (votes, other):
        result = np.add(array, 1)
        if array is other:
            array[0] = 1  # another process, between the read and the write
        array[:] = result
    assert votes.tolist() == other.tolist() == [1]


def the_lock_for_one_line() -> None:
    """Let each worker compute with an array of its own first, and hold a lock for the one line
    that changes the shared array.
    """
    shown("numpy-array/same_cells", "counted = np.bincount(", "with lock:\n        votes += coun")
    shown("numpy-array/same_cells", "Output\nVotes: [13334, 13333, 13333] of 40000")


def killed_with_the_lock() -> None:
    """If a worker is killed while it holds the lock, `join()` would wait forever for the others,
    so the parent waits for whichever worker ends first, and a failure ends the program and its
    daemon workers:
    """
    with_lock = "    with lock:\n"
    killed = f"{with_lock}        os.kill(os.getpid(), 9)\n"
    program = changed("numpy-array/same_cells", (with_lock, killed))
    outcome = script(f"import os\n{program}")
    assert (outcome.stdout, outcome.status) == ("", 1)
    assert ": exit code -9" in outcome.stderr
    shown("lock-holder-killed/terminated", "still running after")
    shown("numpy-array/same_cells", "daemon=True", "running.pop(wait(running)[0])")


def a_raw_array() -> None:
    """A RawArray is shared memory, too, and `np.frombuffer` makes a NumPy array that uses it. You
    need no name, no `close()` and no `unlink()`.
    """
    import numpy as np

    shown("numpy-array/raw_array", "Output\nHeights: [124.5, 374.5, 624.5, 874.5]")
    raw: Any = RawArray("d", 2)
    heights = np.frombuffer(raw, np.float64)
    worker = Process(target=_add, args=(raw,))
    worker.start()
    worker.join()
    assert heights.tolist() == [1.0, 0.0]
    assert not any(hasattr(raw, name) for name in ("name", "close", "unlink"))


def its_shape() -> None:
    """A `RawArray` of numbers has one dimension. Give the NumPy array its shape with
    `.reshape(rows, columns)`, which makes a view, not a copy.
    """
    import numpy as np

    raw: Any = RawArray("d", 6)
    flat = np.frombuffer(raw, np.float64)
    grid = flat.reshape(2, 3)
    grid[1, 2] = 7
    assert (flat.ndim, raw[5]) == (1, 7)
    assert np.shares_memory(grid, flat)


def type_codes() -> None:
    """The type code must fit the dtype: `"d"` is `np.float64`, `"f"` is `np.float32`, `"B"` is
    `np.uint8`, `"i"` is `np.intc`, `"q"` is `np.int64`. With a wrong dtype, or with none where
    the numbers are not `"d"`, `np.frombuffer` may give wrong numbers silently.
    """
    import numpy as np

    fits: dict[str, Any] = {"d": np.float64, "f": np.float32, "B": np.uint8}
    for code, dtype in {**fits, "i": np.intc, "q": np.int64}.items():
        raw: Any = RawArray(code, [1, 2, 3])
        assert np.frombuffer(raw, dtype).tolist() == [1, 2, 3]
        assert np.ctypeslib.as_array(raw).dtype == dtype
    integers: Any = RawArray("q", [1, 2, 3])
    assert np.frombuffer(integers).dtype == np.float64
    assert 1 not in np.frombuffer(integers)


def how_to_pass_it() -> None:
    """Pass the `RawArray` to a `Process`, or in a pool's `initargs`. As an argument of `pool.map`
    it raises RuntimeError.
    """
    raw: Any = RawArray("d", [5])
    with Pool(1, initializer=_add, initargs=(raw,)) as pool:
        pool.map(abs, [1])
        with raises(RuntimeError, text="through inheritance"):
            pool.map(_add, [raw])
    assert raw[0] == 6


def a_copy_of_it() -> None:
    """A NumPy array that is made from it is copied when it is pickled."""
    import numpy as np

    raw: Any = RawArray("d", [5])
    copy = pickle.loads(pickle.dumps(np.frombuffer(raw, np.float64)))
    raw[0] = 6
    assert copy.tolist() == [5]


def keep_the_raw_array() -> None:
    """Keep the `RawArray`, or an array made from it, in a variable of the parent as long as a
    worker uses it. Python may give its memory to the next `RawArray`.
    """

    import numpy as np

    raw: Any = RawArray("d", 5000)
    heights = np.frombuffer(raw, np.float64)
    where = addressof(raw)
    del raw
    others = [RawArray("d", 5000) for _ in range(3)]
    assert where not in map(addressof, others)
    del heights
    assert addressof(RawArray("d", 5000)) == where


def an_array_with_a_lock() -> None:
    """An Array is the same with a lock: `np.frombuffer(shared.get_obj(), np.float64)`. NumPy does
    not acquire that lock, so hold it yourself:
    """
    import numpy as np

    shared: Any = Array("d", 1, lock=Lock())
    grid = np.frombuffer(shared.get_obj(), np.float64)
    with shared.get_lock():
        grid += 1.5
        assert not shared.get_lock().acquire(timeout=SURE)
    assert shared[0] == 1.5
    shown("numpy-array", "with shared.get_lock():\n    grid += 1.5", "#> [1.5, 1.5")


def when_a_block() -> None:
    """Use `SharedMemory` if a process that is not your child has to open the memory by its name,
    or if you know the size only after the workers have started.
    """
    no_fact("advice")


def not_your_child() -> None:
    """A process that is not your child attaches with `SharedMemory(name, track=False)`; before
    Python 3.13 it unregisters the block. Otherwise its resource tracker removes the block when
    that process ends, even while you use it.
    """
    shown("shared-memory-vanished/any_version", "track=False)", "resource_tracker.unregister(")
    shown("shared-memory-vanished/any_version", "photo'\nExit status of the reader: 0\n")
    shown("shared-memory-vanished/tracked_reader", "SharedMemory(name)\n", "of the reader: 1\n")


def a_block_before_the_workers() -> None:
    """If the workers are started first, under `fork`, create a `SharedMemoryManager` or a first
    block before them all the same: otherwise the workers' resource trackers remove blocks that
    are in use.
    """
    shown("tracker-per-worker/removed_in_use", "worker.start()\n", "    image = SharedMemory(")
    shown("tracker-per-worker/removed_in_use", "Still there: False")
    shown("tracker-per-worker/block_first", "Output\n")


def an_error_before_unlink() -> None:
    """If an error occurs before `unlink()`, the block remains in memory at least until the program
    ends.
    """
    shown("leaked-shared-memory/error_before", "int(bytes(", "1 leaked shared_memory objects")


def in_a_finally() -> None:
    """Call `unlink()` in a `finally`, or let a SharedMemoryManager do it: at the end of its `with`
    statement it removes all blocks that were made with it, after an error, too.
    """
    shown("numpy-array/error_on_the_way", "raise ValueErr", "finally:\n", "block.unlink()")
    shown("numpy-array/error_on_the_way", "Output\nFailed: the photo is too bright\nThe block is g")
    with raises(ValueError), SharedMemoryManager() as manager:
        name = manager.SharedMemory(1).name
        raise ValueError
    with raises(FileNotFoundError):
        SharedMemory(name)


def ended_by_sigterm() -> None:
    """SIGTERM ends the parent without either. When the workers have ended, too, the resource
    tracker removes the parent's block, and prints a warning; but the process of a manager goes on,
    and its blocks remain.
    """
    util.get_temp_dir()  # where the managers have their files; it is removed at the end
    import_module("tests.claims.shared_memory_manager").killed()
    ended = script(ENDED_BY_SIGTERM)
    assert ended.status == -signal.SIGTERM
    assert "1 leaked shared_memory objects to clean up at shutdown" in ended.stderr
    (name,) = ended.stdout.split()
    with raises(FileNotFoundError):
        SharedMemory(name)


def an_error_in_a_worker() -> None:
    """With an executor, an exception in a worker is raised in the parent, and a killed worker
    mostly raises `BrokenProcessPool`, both with the same effect. If a task of an executor calls
    `sys.exit(3)`, the parent ends with exit status 3 and without a message.
    """
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    with ProcessPoolExecutor(1) as executor:
        with raises(ZeroDivisionError):
            list(executor.map(divmod, [1], [0]))
        with raises(SystemExit, text="3"):
            list(executor.map(sys.exit, [3]))
        with raises(BrokenProcessPool):
            list(executor.map(os._exit, [1]))
    alone = script("import sys\nsys.exit(3)")
    assert (alone.stdout, alone.stderr, alone.status) == ("", "", 3)


def as_an_argument() -> None:
    """`pool.map(function, arrays)` pickles each array, sends the bytes through a pipe, and makes a
    new array of them in the worker. This copy takes time and memory, and no change to it comes
    back.

    The workers see 150, the parent has 100, and no error is reported.
    """
    import numpy as np

    shown("numpy-array/argument", "image += 50", "Output\nSeen by the workers: [150, 150, 150, 150")
    shown("numpy-array/argument", "In the parent: [100, 100, 100, 100]")
    assert len(pickle.dumps(np.zeros(10_000, np.uint8))) > 10_000


def return_it() -> None:
    """For small arrays, return the new array from the function."""
    no_fact("advice")


def with_ray() -> None:
    """On one machine, pass them the name of a block, as above."""
    no_fact("advice")


def read_after_close() -> None:
    """Segmentation fault, or wrong data: the array is used after `close()`."""
    shown("closed-shared-memory/read_after_close", "Exit code of the worker: -11")
    shown("closed-shared-memory/other_block", "Output, on Linux\nPrices: [7, 8, 9]")


def no_change() -> None:
    """The parent sees no change: `image = image + 50` makes a new array."""
    shown("array-rebound/numpy_new", "prices = prices * 2", "In the parent: [5.0, 7.0, 9.0]")


def leaked() -> None:
    """resource_tracker: leaked shared_memory objects: `unlink()` was not called, or a pool was
    forked before the first block.
    """
    shown("leaked-shared-memory/never_unlinked", "1 leaked shared_memory objects")
    shown("tracker-per-worker/worker_first", "1 leaked shared_memory objects")


def of_objects() -> None:
    """An array of Python objects (`dtype=object`) cannot be shared. `np.ndarray` raises no error,
    but a child may crash. It holds no values, only the address of each object, and an address is
    valid in one process only. In this one, a thousand letters are 8 bytes:
    """
    import numpy as np

    shown("numpy-array", 'np.array(["a" * 1000], dtype=object).nbytes)\n#> 8\n')
    text = "a" * 1000
    addresses = np.array([text], dtype=object)
    address = string_at(addresses.ctypes.data, 8)
    assert int.from_bytes(address, sys.byteorder) == id(text)
    memory: Any = RawArray("B", 8)
    shared = np.ndarray(1, object, buffer=memory)  # no error
    shared[0] = text
    assert int.from_bytes(bytes(memory), sys.byteorder) == id(text)
    shared[0] = None


def a_fixed_width() -> None:
    """The second array has a dtype of a fixed width, `<U1000`, and can be shared: see strings in
    shared memory.
    """
    import numpy as np

    array = np.array(["a" * 1000])
    memory: Any = RawArray("B", array.nbytes)
    shared = np.ndarray(array.shape, array.dtype, buffer=memory)
    shared[:] = array
    assert array.dtype.str == "<U1000"
    assert bytes(memory).decode("utf-32-le") == "a" * 1000
