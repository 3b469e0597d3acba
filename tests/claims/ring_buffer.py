"""What docs/examples/ring-buffer.md says."""

import os
import signal
import time
from multiprocessing import Lock, Pipe, Process, Queue, RawArray, RawValue, Semaphore
from multiprocessing.connection import Connection
from multiprocessing.shared_memory import SharedMemory
from multiprocessing.synchronize import Semaphore as SemaphoreType
from pathlib import Path
from queue import Empty
from runpy import run_path
from threading import Thread, current_thread
from typing import Any

from tests.claims import (
    PAUSE,
    ROOT,
    SURE,
    TIME_LIMIT,
    changed,
    no_fact,
    raises,
    replaced,
    script,
    shown,
)

PROGRAMS = ROOT / "examples" / "ring-buffer"
KILLED = "import os; os.kill(os.getpid(), 9)"


def _die(filled: SemaphoreType) -> None:
    filled.release()
    os._exit(1)


def _stop() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def _get(numbers: "Queue[int]", to_parent: Connection) -> None:
    to_parent.send("started")
    numbers.get()


def two_semaphores() -> None:
    """To make a ring buffer, divide one `SharedMemory` block into a fixed number of slots, each
    for one frame, and count the free slots and the filled slots with two semaphores. Then no
    frame is lost, and none is sent through a pipe.
    """
    shown("ring-buffer/every_frame", "free, full, whole = Semaphore(SLOTS), Semaphore(0), 0")
    shown("ring-buffer/every_frame", "args=(block, free, full)", "Whole frames: 50 of 50")


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

    `full` starts at 0. The consumer acquires it before it reads, so it does not read a frame
    that is half written.

    No lock is needed: one process writes, one process reads, and they never use the same slot at
    the same time.
    """
    import numpy as np

    film = run_path(str(PROGRAMS / "every_frame.py"))["film"]
    film.__globals__["parent_process"] = current_thread  # which is alive, too
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
    shown("ring-buffer/every_frame", "free.acquire(", "        ring[number % SLOTS] = number")
    shown("ring-buffer/every_frame", "full.acquire(", "    whole += ", "Output\nWhole frames")


def through_a_queue() -> None:
    """The pixels stay in the block. A Queue would pickle each frame, send the bytes through a
    pipe, and make a new array of them.
    """
    import numpy as np

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
        "ring-buffer/every_frame", "  del ring\n        block.close()", "    ring = np.ndarray(RING"
    )
    shown("closed-shared-memory/read_after_close", "prices.close()", "code of the worker: -11")


def keep_a_frame() -> None:
    """The consumer uses the frame in place, and calls `free.release()` when it has finished. To
    keep a frame for longer, make a copy: `ring[number % SLOTS].copy()`.
    """
    import numpy as np

    shown(
        "ring-buffer/every_frame", "(ring[number % SLOTS] == number).all())\n            free.rel"
    )
    ring = np.zeros((4, 48, 64), np.uint8)
    in_place, copied = ring[1], ring[1].copy()
    ring[1] = 7
    assert (in_place.max(), copied.max()) == (7, 0)


def the_camera_fails() -> None:
    """If the camera process fails, the program says so and ends; if it may be stopped, or stall,
    set a time limit.

    If the camera raises an exception, calls `sys.exit(3)` or is killed, the program removes the
    block, prints the camera's exit code, and ends with exit status 1.
    """
    line = "    ring = np.ndarray(RING, np.uint8, buffer=block.buf)\n    for"
    for fault, code in ("1 / 0", 1), ("sys.exit(3)", 3), (KILLED, -9):
        ended = script(changed("ring-buffer/every_frame", (line, f"    {fault}\n{line}")))
        assert (ended.stdout, ended.status) == ("", 1)
        assert ended.stderr.endswith(f"camera: exit code {code}\n")
        assert "leaked" not in ended.stderr


def they_look() -> None:
    """A process that waits in `acquire()` is not notified when the other one ends. So both wait
    for one second at a time, and then look: the parent at the `exitcode` of the camera, the
    camera at its parent.
    """
    shown("ring-buffer/every_frame", "full.acquire(timeout=1):\n                if camera.exitcode")
    shown("ring-buffer/every_frame", "free.acquire(timeout=1):\n            if not parent_process")
    full = Semaphore(0)
    camera = Process(target=_die, args=(full,))
    camera.start()
    camera.join()
    assert camera.exitcode == 1
    assert full.acquire()
    assert not full.acquire(timeout=0.1)


def the_parent_fails() -> None:
    """If the parent raises an exception, it removes the block, and the camera, a daemon, is
    terminated when the program ends, unless it is stopped. If the parent is killed or gets SIGTERM,
    the camera returns when it has waited for a second, and the resource tracker removes the block,
    with a warning.
    """
    line = "            whole += "
    for fault, status in ("1 / 0", 1), (KILLED, -9), (KILLED.replace("9", "15"), -15):
        ends = f"            print(block.name, flush=True)\n            {fault}\n"
        ended = script(changed("ring-buffer/every_frame", (line, f"{ends}{line}")))
        assert ended.status == status
        (name,) = ended.stdout.split()
        with raises(FileNotFoundError):
            SharedMemory(name)
        assert ("1 leaked shared_memory objects" in ended.stderr) == (status < 0)
    shown("ring-buffer/every_frame", "if not parent_process().is_alive():\n                return")
    shown("ring-buffer/every_frame", "daemon=True)")


def too_early() -> None:
    """A camera that returns too early has the exit code 0, and the parent waits forever: if yours
    can, let it write a last frame that says so.
    """
    shown("ring-buffer/every_frame", "                if camera.exitcode:\n")
    camera = Process(target=abs, args=(0,))
    camera.start()
    camera.join()
    assert camera.exitcode == 0


def stopped() -> None:
    """The parent also waits for a camera that is stopped, or that hangs in its driver. To limit
    that, count the seconds, and call `camera.kill()` and `sys.exit()` after some of them;
    `terminate()` does not end a process that is stopped, and the end of the program waits for it,
    too: if that can happen, call `camera.kill()` in the `finally` block.
    """
    camera = Process(target=_stop)
    camera.start()
    while Path(f"/proc/{camera.pid}/stat").read_text("utf-8").split()[2] != "T":
        time.sleep(PAUSE)
    camera.terminate()
    camera.join(SURE)
    assert camera.exitcode is None
    camera.kill()
    camera.join()
    stops = (
        "            os.kill(camera.pid, signal.SIGSTOP)\n"
        "            while open(f'/proc/{camera.pid}/stat').read().split()[2] != 'T':\n"
        "                pass\n"
        "            sys.exit(3)\n"
    )
    code = changed(
        "ring-buffer/every_frame",
        ("import sys\n", "import os\nimport signal\nimport sys\n"),
        ("            whole += ", f"{stops}            whole += "),
        ("        del ring\n", "        del ring\n        print('removed', flush=True)\n"),
    )
    assert script(code, hangs_after="removed").status is None
    killed = replaced(code, ("        del ring\n", "        camera.kill()\n        del ring\n"))
    assert script(killed).status == 3


def not_in_order() -> None:
    """With several workers, the slots do not become free in order. In that case, send the numbers
    of the slots, not the frames, as tasks to an executor, which passes them through queues of its
    own.
    """
    from concurrent.futures import ProcessPoolExecutor

    shown("ring-buffer/slot_numbers", "ProcessPoolExecutor(2,", "executor.submit(analyze, slot)")
    shown("ring-buffer/slot_numbers", "free.append(tasks.pop(task))", "sorted(free)")
    with ProcessPoolExecutor(1) as executor:
        executor.submit(abs, 0).result()
        queues: Any = executor
        assert callable(queues._call_queue.put) and callable(queues._result_queue.get)


def of_any_size() -> None:
    """The frames can differ in size if each fits into its slot and you send its size along with
    the number of the slot.
    """
    import numpy as np

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
    """At any time, each slot is either in `free` or belongs to one task. So no lock is needed here
    either.

    If no slot is free, the parent waits for the first task that is done, and gets its slot back.
    """
    shown("ring-buffer/slot_numbers", "slot = free.pop()", "submit(analyze, slot)] = slot\n")
    shown("ring-buffer/slot_numbers", "if not free:\n                task = next(as_completed(")
    shown("ring-buffer/slot_numbers", "Sum: 3763200\nFree slots: [0, 1, 2, 3]")


def a_task_fails() -> None:
    """If a task raises an exception, `result()` raises it in the parent, and if a worker is killed
    during a task, `BrokenProcessPool`: the program ends with exit status 1. After a `sys.exit(3)`
    in a task, the parent ends with status 3 and no message.
    """
    line = "    return int(ring[slot].sum())\n"
    for fault, status, told in (
        ("raise ValueError('dark')", 1, "ValueError: dark\n"),
        ("os._exit(1)", 1, "BrokenProcessPool: "),
        ("raise SystemExit(3)", 3, ""),
    ):
        fails = f"    if ring[slot].max() == 9: {fault}\n"
        ended = script(changed("ring-buffer/slot_numbers", (line, fails + line)))
        assert (ended.stdout, ended.status) == ("", status)
        assert told in ended.stderr if told else ended.stderr == ""


def with_its_parent() -> None:
    """The thread ends a worker when the parent is killed, unless C code holds the GIL."""
    shown("ring-buffer/slot_numbers", "parent_process().join()\n    os._exit(1)", "Thread(target=")
    shown("ctrl-c", "Thread(target=end_with_parent, daemon=True).start()")


def the_lock_of_the_queue() -> None:
    """With queues and processes of your own, the slot of a worker that is killed does not come
    back, and a worker that is killed in `get()` can leave the lock of the queue locked, so that
    the other workers get no more items.
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


def one_slot() -> None:
    """Then one slot is enough. The camera overwrites it, and the viewer copies the newest
    frame:

    `unseen` is the number of a frame that the viewer has not seen, or 0. The camera releases the
    semaphore when it changes `unseen` from 0 to a number, and the viewer sets it back to 0. So no
    frame is seen twice, and the last one is not missed.
    """
    shown("ring-buffer/latest_frame", "if not unseen.value:\n                ready.release()")
    shown(
        "ring-buffer/latest_frame",
        "picture, number = frame.copy(), unseen.value\n        unseen.value = 0",
    )
    shown("ring-buffer/latest_frame", "while 50 not in seen:", "Most frames dropped: True")


def tearing() -> None:
    """Here both processes use the same slot, so they need a lock. Without it, the viewer could
    see a frame whose upper half is new and whose lower half is old, which is called tearing.
    """
    import numpy as np

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
    shown("ring-buffer/latest_frame", "lock.release()\n        seen[", "time.sleep(0.05)")
    shown("ring-buffer/latest_frame", "Most frames dropped: True")


def a_condition_waits() -> None:
    """A Condition would make the camera depend on the viewer: `notify()` waits until the process
    that it wakes has woken up. If that process was stopped or killed while it waited, the camera
    would wait forever.
    """
    shown("condition/waiter_killed", "terminate()", "notify", "still running after 5 s")


def killed_with_the_lock() -> None:
    """If the camera raises an exception or is killed, even with the lock, the viewer finds its
    exit code within a second or two, and ends. A camera that is stopped makes the viewer wait, as
    above.
    """
    line = "            frame[:] = number\n"
    fails = f"{line}            if number == 9: {KILLED}\n"
    ended = script(changed("ring-buffer/latest_frame", (line, fails)))
    assert (ended.stdout, ended.status) == ("", 1)
    assert ended.stderr == "camera: exit code -9\n"
    shown("ring-buffer/latest_frame", "gate.acquire(timeout=1):\n", "if camera.exitcode:\n")


ENDLESS = """
def film(memory, unseen, lock, ready):
    frame = np.frombuffer(memory, np.uint8).reshape(48, 64)
    number = 0
    while parent_process().is_alive():
        if lock.acquire(timeout=1):
            number += 1
            frame[:] = number % 50 + 1
            if not unseen.value:
                ready.release()
            unseen.value = number % 50 + 1
            lock.release()


def film_and_tell(say, *args):
    film(*args)
    say.send("The camera ends")


def main(say):
"""
OVER = """
if __name__ == "__main__":
    hear, say = Pipe(duplex=False)
    viewer = Process(target=main, args=(say,))
    viewer.start()
    say.close()
    print(hear.recv())
    viewer.join()
"""


def a_viewer_keeps_the_lock() -> None:
    """A viewer that is killed while it copies keeps the lock, and the camera waits for it forever.
    If it is killed at another time, the camera goes on until its last frame. If your viewer can be
    killed, let the camera work in a loop `while parent_process().is_alive()`, in which it writes a
    frame if `lock.acquire(timeout=1)` returns `True`.
    """
    shown("lock-holder-killed/terminated", "terminate()", "still running after 5 s")
    shown("ring-buffer/latest_frame", "        with lock:\n            frame[:] = number")
    with_the_loop = changed(
        "ring-buffer/latest_frame",
        ("import sys\n", "import os\nimport sys\n"),
        ("Semaphore\n\n", "Semaphore, Pipe, parent_process\n\n"),
        ("args = (memory", "args = (say, memory"),
        ("target=film", "target=film_and_tell"),
        ("while 50 not in seen", "while True"),
    )
    head, _, rest = with_the_loop.partition("def film(")
    body = rest.partition("def main():\n")[2].partition("\nif __name__")[0]
    for line in "        picture, number", "        time.sleep(0.05)":
        kills = replaced(body, (line, f"        os.kill(os.getpid(), 9)\n{line}"))
        assert script(head + ENDLESS + kills + OVER).stdout == "The camera ends\n"


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


def _view(memory: Any, unseen: Any, lock: Any, ready: Any, answer: Any) -> None:
    """What one of several viewers sees: the number of each frame."""
    seen = [0]
    while seen[-1] < 50:
        assert ready.acquire(timeout=TIME_LIMIT)
        with lock:
            assert set(memory) == {unseen.value}
            seen.append(unseen.value)
            unseen.value = 0
    answer.send(seen)


def several_viewers() -> None:
    """For several viewers of one camera, such as a detector and a live stream, give each an
    `unseen` and a `ready` of its own. The camera then looks at each pair after it has written a
    frame; the slot and the lock are common. So each viewer gets the newest frame at its own pace.
    """
    memory, lock = RawArray("B", 1_000), Lock()
    pairs = [(RawValue("i", 0), Semaphore(0)) for _ in range(2)]
    viewers = []
    for unseen, ready in pairs:
        here, there = Pipe(duplex=False)
        viewer = Process(target=_view, args=(memory, unseen, lock, ready, there))
        viewer.start()
        there.close()
        viewers.append((viewer, here))
    for number in range(1, 51):
        with lock:
            memory[:] = [number] * 1_000
            for unseen, ready in pairs:
                if not unseen.value:
                    ready.release()
                unseen.value = number
    for viewer, here in viewers:
        seen = here.recv()
        assert seen == sorted(set(seen))
        assert seen[-1] == 50
        viewer.join()
        here.close()
