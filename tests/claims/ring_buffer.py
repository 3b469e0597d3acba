"""What docs/examples/ring-buffer.md says."""

import os
from multiprocessing import Pipe, Process, Queue, RawArray, Semaphore
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Semaphore as SemaphoreType
from pathlib import Path
from queue import Empty
from runpy import run_path
from threading import Thread, enumerate
from typing import Any

import numpy as np

from tests.claims import TIME_LIMIT, no_fact, raises, shown

PROGRAMS = Path(__file__).parents[2] / "examples" / "ring-buffer"


def _die(filled: SemaphoreType) -> None:
    filled.release()
    os._exit(1)


def _take_and_die(numbers: "Queue[int]", to_parent: Connection) -> None:
    to_parent.send(numbers.get())
    to_parent.close()
    os._exit(1)


def _get(numbers: "Queue[int]", to_parent: Connection) -> None:
    to_parent.send("started")
    numbers.get()


def two_semaphores() -> None:
    """To make a ring buffer, divide one `SharedMemory` block into a fixed number of slots, each
    for one frame, and count the free slots and the filled slots with two semaphores. Then no
    frame is lost, and none is sent through a pipe.
    """
    shown("ring-buffer/every_frame", "free, filled = Semaphore(SLOTS), Semaphore(0)")
    shown("ring-buffer/every_frame", "args=(block, free, filled)", "Whole frames: 50 of 50")


def a_ring() -> None:
    """The block holds 4 frames, and NumPy sees it as one array of shape `(4, 48, 64)`.
    `ring[number % SLOTS]` is one slot: 0, 1, 2, 3, then 0 again.
    """
    shown("ring-buffer/every_frame", "RING = 4, 50, (4, 48, 64)", "size=4 * 48 * 64)")
    shown("ring-buffer/every_frame", "np.ndarray(RING, np.uint8, buffer=block.buf)")
    slots = run_path(str(PROGRAMS / "every_frame.py"))["SLOTS"]
    assert [number % slots for number in range(5)] == [0, 1, 2, 3, 0]


def the_name() -> None:
    """That makes it a ring.

    In that case, send the numbers of the slots, not the frames, through two queues: one for the
    filled slots and one for the free slots.

    For a live picture, an old frame is worthless: a slow viewer should skip frames instead of
    making the camera wait.
    """
    no_fact("a definition, and advice")


def a_counter() -> None:
    """A Semaphore is a counter. `acquire()` waits until the counter is above 0 and subtracts 1;
    `release()` adds 1.

    `release()` of a semaphore does not wait.
    """
    semaphore = Semaphore(2)
    assert [semaphore.acquire(block=False) for _ in range(3)] == [True, True, False]
    waiting = Thread(target=semaphore.acquire)
    waiting.start()
    waiting.join(0.1)
    assert waiting.is_alive()
    semaphore.release()
    waiting.join()
    for _ in range(2):
        semaphore.release()
    assert [semaphore.acquire(block=False) for _ in range(3)] == [True, True, False]


def free_and_filled() -> None:
    """`free` starts at 4. The camera, which is the producer, acquires it before it writes a
    frame. If the consumer, here the parent, is slow, the camera waits, so it does not overwrite a
    frame that the consumer has not read.

    `filled` starts at 0. The consumer acquires it before it reads, so it does not read a frame
    that is half written.

    No lock is needed: one process writes, one process reads, and they never use the same slot at
    the same time.
    """
    film = run_path(str(PROGRAMS / "every_frame.py"))["film"]
    free, filled = Semaphore(4), Semaphore(0)

    class Block:
        buf = bytearray(4 * 48 * 64)

    camera = Thread(target=film, args=(Block, free, filled))
    camera.start()
    ring = np.ndarray((4, 48, 64), np.uint8, buffer=Block.buf)
    for _ in range(4):
        filled.acquire()
    assert not filled.acquire(timeout=0.1)  # the camera waits
    assert [ring[slot].max() for slot in range(4)] == [0, 1, 2, 3]
    for _ in range(46):
        free.release()
        filled.acquire()
    camera.join()
    shown("ring-buffer/every_frame", "free.acquire()\n        ring[number % SLOTS] = number")
    shown("ring-buffer/every_frame", "filled.acquire()\n        whole += ", "Output\nWhole frames")


def through_a_queue() -> None:
    """The pixels stay in the block. A Queue would pickle each frame, send the bytes through a
    pipe, and make a new array of them.
    """
    frame = np.zeros((48, 64), np.uint8)
    queue: Queue[Any] = Queue()
    queue.put(frame)
    received = queue.get()
    assert (received == frame).all()
    assert not np.shares_memory(received, frame)


def after_close() -> None:
    """`del ring` comes before `close()`, because an array that is used after that can cause a
    segmentation fault. In the camera, `ring` is deleted when `film` returns.

    Segmentation fault: a frame is used after `block.close()`.
    """
    shown(
        "ring-buffer/every_frame", "    del ring\n    block.close()", "    ring = np.ndarray(RING"
    )
    shown("closed-shared-memory/read_after_close", "prices.close()", "code of the worker: -11")


def keep_a_frame() -> None:
    """The consumer uses the frame in place, and calls `free.release()` when it has finished. To
    keep a frame for longer, make a copy: `ring[number % SLOTS].copy()`.
    """
    shown(
        "ring-buffer/every_frame", "(ring[number % SLOTS] == number).all())\n        free.release"
    )
    ring = np.zeros((4, 48, 64), np.uint8)
    in_place, copied = ring[1], ring[1].copy()
    ring[1] = 7
    assert (in_place.max(), copied.max()) == (7, 0)


def the_camera_dies() -> None:
    """If the camera process dies, `filled.acquire()` waits forever.

    If the camera dies, the viewer waits forever in `ready.acquire()` or at `with lock`. Here, too,
    `acquire(timeout=5)` gives up after 5 seconds.
    """
    shown("ring-buffer/latest_frame", "ready.acquire()\n        with lock:")
    shown("lock-holder-killed/time_limit", "timeout=", "Output")
    filled = Semaphore(0)
    camera = Process(target=_die, args=(filled,))
    camera.start()
    camera.join()
    assert camera.exitcode == 1
    assert filled.acquire()
    assert not filled.acquire(timeout=0.1)


def no_free_slot() -> None:
    """If the consumer raises an exception, the camera waits for a free slot forever."""
    shown(
        "ring-buffer/every_frame", "free.acquire()\n        ring", "free.release()\n    camera.joi"
    )


def not_in_order() -> None:
    """With several workers, the slots do not become free in order."""
    shown("ring-buffer/slot_numbers", "for _ in range(2)", "free.put(slot)", "sorted(free.get()")


def of_any_size() -> None:
    """The frames can differ in size if each fits into its slot and you send its size along with
    the number of the slot.
    """
    ring = np.frombuffer(RawArray("B", 2 * 100), np.uint8).reshape(2, 100)
    filled: Queue[tuple[int, int]] = Queue()
    for slot, size in [(0, 100), (1, 30)]:
        ring[slot, :size] = size
        filled.put((slot, size))
    for _ in range(2):
        slot, size = filled.get()
        assert (ring[slot, :size] == size).all()


def the_sum() -> None:
    """The sum is that of all frames: 48 x 64 pixels, multiplied by 0 + 1 + ... + 49."""
    assert 48 * 64 * sum(range(50)) == 3763200
    shown("ring-buffer/slot_numbers", "ring[slot] = number", "Sum: 3763200")


def raw_array() -> None:
    """The memory here is a RawArray, which needs no `close()` and no `unlink()`. A `SharedMemory`
    block works as well.
    """
    shown("ring-buffer/slot_numbers", 'RawArray("B", 4 * 48 * 64)')
    assert not hasattr(RawArray("B", 4), "close")
    assert not hasattr(RawArray("B", 4), "unlink")
    shown("ring-buffer/every_frame", "np.ndarray(RING, np.uint8, buffer=block.buf)")


def in_one_place() -> None:
    """At any time, each number is in one place: in `free`, in `filled`, or in the one process
    that works on the slot. So no lock is needed here either.

    `None` is the sentinel: each worker gets one, and ends.
    """
    shown("ring-buffer/slot_numbers", "Sum: 3763200\nErrors: []\nFree slots: [0, 1, 2, 3]")
    shown("ring-buffer/slot_numbers", "for _ in workers:\n        filled.put(None)", "is not None")


def an_exception() -> None:
    """A worker sends an answer for each frame and gives each slot back even if its work raises an
    `Exception`. Otherwise, the parent would wait forever for an answer or a slot.
    """
    analyze = run_path(str(PROGRAMS / "slot_numbers.py"))["analyze"]
    filled: Queue[int | None] = Queue()
    free: Queue[int] = Queue()
    sums: Queue[tuple[int, str | None]] = Queue()
    filled.put(7)  # there is no such slot
    filled.put(None)
    analyze(RawArray("B", 4 * 48 * 64), filled, free, sums)
    assert free.get() == 7
    total, error = sums.get()
    assert (total, str(error)[:10]) == (0, "IndexError")


def a_worker_is_killed() -> None:
    """If a worker is killed or calls `sys.exit()` while it works on a frame, the slot and the
    answer never come back. `get(timeout=5)` then raises `queue.Empty` instead of waiting forever.
    """
    shown("ring-buffer/slot_numbers", "except Exception as error")
    assert not issubclass(SystemExit, Exception)
    filled: Queue[int] = Queue()
    receiver, sender = Pipe(duplex=False)
    worker = Process(target=_take_and_die, args=(filled, sender))
    worker.start()
    filled.put(7)
    assert receiver.recv() == 7
    worker.join()
    with raises(Empty):
        filled.get(timeout=0.1)
    receiver.close()
    sender.close()


def daemons() -> None:
    """To avoid that, make the camera a daemon with `Process(..., daemon=True)`: it is then
    terminated when the program ends, unless the program is killed or ended by SIGTERM.

    Make the workers daemons, too. Otherwise, after an exception in the parent, `queue.Empty` or
    another, the program does not end while a worker waits in `get()`.
    """
    shown("process/at_the_end", "start(watch, daemon=True)", "The backup is done")
    shown("claims/daemon_outlives", "daemon=True", ".kill()")


def the_lock_of_the_queue() -> None:
    """A worker that is killed in `get()` can also leave the lock of the queue locked, so that the
    other workers get no more items.
    """
    filled: Queue[int] = Queue()
    receiver, sender = Pipe(duplex=False)
    worker = Process(target=_get, args=(filled, sender))
    worker.start()
    assert receiver.recv() == "started"
    lock = filled._rlock  # type: ignore[attr-defined]
    while lock.acquire(block=False):
        lock.release()
    worker.kill()
    worker.join()
    filled.put(7)
    assert filled._reader.poll(TIME_LIMIT)  # type: ignore[attr-defined]
    with raises(Empty):
        filled.get(timeout=0.1)
    lock.release()  # in its place
    assert filled.get() == 7
    receiver.close()
    sender.close()


def started_first() -> None:
    """The workers are started before the first `put()`, because `put()` starts a thread, and a
    fork should come before threads.
    """
    queue: Queue[int] = Queue()
    before = set(enumerate())
    queue.put(7)
    assert [thread.name for thread in set(enumerate()) - before] == ["QueueFeederThread"]
    assert queue.get() == 7
    shown("ring-buffer/slot_numbers", "worker.start()\n    for slot in range(4):\n        free.put")


def one_slot() -> None:
    """Then one slot is enough. The camera overwrites it, and the viewer copies the newest
    frame:

    `unseen` is the number of a frame that the viewer has not seen, or 0. The camera releases the
    semaphore when it changes `unseen` from 0 to a number, and the viewer sets it back to 0. So no
    frame is seen twice, and the last one is not missed.
    """
    shown("ring-buffer/latest_frame", "if not unseen.value:\n                ready.release()")
    shown("ring-buffer/latest_frame", "picture = frame.copy()", "unseen.value = 0")
    shown("ring-buffer/latest_frame", "while seen[-1] < 50:", "Most frames dropped: True")


def tearing() -> None:
    """Here both processes use the same slot, so they need a lock. Without it, the viewer could
    see a frame whose upper half is new and whose lower half is old, which is called tearing.
    """
    memory = RawArray("B", 48 * 64)
    of_camera = np.frombuffer(memory, np.uint8).reshape(48, 64)
    of_viewer = np.frombuffer(memory, np.uint8).reshape(48, 64)
    of_camera[:24] = 7  # the lower half is still to be written
    picture = of_viewer.copy()
    assert (picture[0, 0], picture[47, 63]) == (7, 0)
    shown("ring-buffer/latest_frame", "with lock:", "All seen frames whole: True")


def only_while_it_copies() -> None:
    """The viewer holds the lock only while it copies, so the camera does not wait for the work of
    the viewer.

    `time.sleep(0.05)` stands for the work of a slow viewer.
    """
    shown("ring-buffer/latest_frame", "unseen.value = 0\n        whole +=", "time.sleep(0.05)")
    shown("ring-buffer/latest_frame", "Most frames dropped: True")


def a_condition_waits() -> None:
    """A Condition would make the camera depend on the viewer: `notify()` waits until the process
    that it wakes has woken up. If that process was stopped or killed while it waited, the camera
    would wait forever.
    """
    shown("condition/waiter_killed", "terminate()", "notify", "still running after 5 s")


def killed_with_the_lock() -> None:
    """A viewer that is killed while it copies still keeps the lock."""
    shown("lock-holder-killed/terminated", "terminate()", "still running after 5 s")


def not_unlinked() -> None:
    """A warning about leaked shared memory: `unlink()` was not called, for example because of an
    exception.
    """
    shown("leaked-shared-memory/never_unlinked", "leaked shared_memory objects")
    shown("leaked-shared-memory/error_before", "leaked shared_memory objects", "int(bytes(")


def too_big() -> None:
    """Bus error: the ring does not fit into the space that Linux has for shared memory. A frame
    of 1920 x 1080 pixels with 3 bytes each has 6.2 MB.
    """
    assert round(1920 * 1080 * 3 / 1_000_000, 1) == 6.2
    shown("shared-memory-full/bus_error", "Writing\nKilled by SIGBUS")
