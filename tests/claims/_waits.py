"""The stacks of threads that wait in every way in which a process of these tools can wait."""

import re
import sys
from functools import cache

from tests.claims import TIME_LIMIT, script

FRAME = re.compile(r'([\w.<>]+)", line \d+ in ([\w<>]+)')
"""A file without its folder, and a function, as faulthandler names them."""

PROGRAM = """
import faulthandler
import os
import re
import threading
import time
from concurrent.futures import ProcessPoolExecutor, as_completed, process, wait
from multiprocessing import *
from multiprocessing import connection
from tempfile import TemporaryFile

wanted = WANTED

def hold(line):
    line.recv()

def held(lock):
    lock.acquire()
    return lock

def enter(lock, call=int):
    with lock:
        call()

def put_all(queue):
    while True:
        queue.put(bytes(100_000))

def put_and_end(queue):
    queue.put(1)
    queue.close()
    queue.join_thread()

def notify(condition):
    condition._sleeping_count.release()  # as a waiter leaves it that was killed
    enter(condition, condition.notify)

def set_value(value):
    value.value = 3

def stacks():
    with TemporaryFile("w+") as file:
        faulthandler.dump_traceback(file)
        file.seek(0)
        for text in re.split("hread 0x", file.read())[1:]:
            frames = re.findall(FRAME, text)
            yield int(text.split()[0], 16), " < ".join(map(" ".join, frames))

def main():
    line, end = Pipe()
    child = Process(target=hold, args=(end,))
    child.start()
    manager, executor = Manager(), ProcessPoolExecutor(1)
    future, mapped = executor.submit(hold, end), executor.map(abs, [1])
    pool = Pool(1)
    pool.apply_async(hold, (end,))
    result, results = pool.map_async(abs, [1]), pool.imap(abs, [1])
    pool.close()
    lock, rlock, barrier, event = held(Lock()), held(RLock()), Barrier(5), Event()
    condition, of_lock, of_manager = Condition(), Condition(lock), held(manager.Lock())
    value, array = Value("i", lock=lock), Array("i", 3, lock=lock)
    items, timed, full, locked = Queue(), Queue(), Queue(1), Queue()
    simple, unread, tasks = SimpleQueue(), SimpleQueue(), JoinableQueue()
    written = SimpleQueue()
    written._wlock.acquire()  # as a process has it that writes, or was killed
    full.put(1)
    tasks.put(1)
    locked._wlock.acquire()  # as a process has it that writes
    quiet, blocked = [Pipe() for _ in range(2)], Pipe()
    calls = {
        "join": [child.join, lambda: child.join(1000)],
        "end": [lambda: put_and_end(locked)],
        "get": [items.get, items.get, simple.get, simple.get],
        "timed": 2 * [lambda: timed.get(timeout=1000)],
        "put": [lambda: full.put(2)],
        "unread": 2 * [lambda: put_all(unread)],
        "turn": [lambda: written.put(1)],
        "tasks": [tasks.join],
        "receive": [quiet[0][0].recv, quiet[0][1].recv_bytes],
        "poll": [
            lambda: quiet[1][0].poll(None),
            lambda: quiet[1][0].poll(1000),
            lambda: connection.wait(quiet[1]),
        ],
        "send": [
            lambda: blocked[0].send(bytes(10**7)),
            lambda: blocked[1].send_bytes(bytes(10**7)),
        ],
        "manager": [
            manager.Queue().get,
            manager.Event().wait,
            of_manager.acquire,
            lambda: enter(of_manager),
        ],
        "enter": [lambda one=one: enter(one) for one in (lock, rlock, Semaphore(0), of_lock)],
        "acquire": [
            lambda: lock.acquire(),
            lambda: lock.acquire(timeout=1000),
            lambda: rlock.acquire(),
            lambda: Semaphore(0).acquire(),
        ],
        "value": [lambda: value.value, lambda: set_value(value)],
        "array": [lambda: array[0], lambda: enter(value)],
        "condition": [
            lambda: enter(condition, condition.wait),
            lambda: enter(condition, lambda: condition.wait_for(bool)),
            event.wait,
        ],
        "barrier": [barrier.wait],
        "notify": [lambda: notify(Condition())],
        "pool": [result.get, lambda: next(results)],
        "executor": [
            future.result,
            lambda: next(mapped),
            lambda: next(as_completed([future])),
            lambda: wait([future]),
        ],
        "ends": [pool.join, executor.shutdown, lambda: process._python_exit()],
    }
    names = {}
    for name, functions in calls.items():
        for function in functions:
            thread = threading.Thread(target=function, daemon=True)
            thread.start()
            names[thread.ident] = name
    deadline = time.monotonic() + LIMIT
    missing = [1]
    while missing and time.monotonic() < deadline:
        time.sleep(0.05)
        seen = [(names.get(ident, "others"), stack) for ident, stack in stacks()]
        of = {name: [stack for other, stack in seen if other == name] for name, _ in seen}
        missing = []
        for name, patterns in wanted.items():
            free = list(of[name])
            for pattern in patterns:
                fits = [stack for stack in free if re.search(pattern, stack)]
                missing += [] if fits else [(name, pattern, free)]
                free = [stack for stack in free if stack not in fits]
            missing += [(name, "nothing", stack) for stack in free if name != "others"]
    print(seen[-1])
    print(*missing, sep="\\n", flush=True)
    os._exit(0)

if __name__ == "__main__":
    main()
"""


OWN = r"(program|threading)\.py"
LOCK, QUEUE, LINE = r"synchronize\.py", r"queues\.py", r"connection\.py"
RECEIVES = rf"^{LINE} _recv < "
POLLS = rf"^selectors\.py select < {LINE} wait < "
SENDS = rf"^{LINE} _send < {LINE} _send_bytes < "
WANTED = {
    "join": (r"^(popen_\w+|selectors|connection)\.py .* < process\.py join < ",),
    "end": (rf"threading\.py join < {QUEUE} _finalize_join < ",),
    "others": (rf"^{QUEUE} _feed < threading",),
    "get": (
        rf"{RECEIVES}.*{LINE} recv_bytes < {QUEUE} get < {OWN}",
        rf"^{LOCK} __enter__ < {QUEUE} get < {OWN}",
    ),
    "timed": (rf"{POLLS}.*{LINE} poll < {QUEUE} get < {OWN}", rf"^{QUEUE} get < {OWN}"),
    "put": (rf"^{QUEUE} put < {OWN}",),
    "unread": (
        rf"{SENDS}{LINE} send_bytes < {QUEUE} put < {OWN}",
        rf"^{LOCK} __enter__ < {QUEUE} put < {OWN}",
    ),
    "turn": (rf"^{LOCK} __enter__ < {QUEUE} put < {OWN}",),
    "tasks": (rf"^{LOCK} wait < {QUEUE} join < {OWN}",),
    "receive": (
        rf"{RECEIVES}{LINE} _recv_bytes < {LINE} recv < {OWN}",
        rf"{RECEIVES}{LINE} _recv_bytes < {LINE} recv_bytes < {OWN}",
    ),
    "poll": (rf"{POLLS}{LINE} _poll < {LINE} poll < {OWN}", rf"{POLLS}{OWN}"),
    "send": (rf"{SENDS}{LINE} send < {OWN}", rf"{SENDS}{LINE} send_bytes < {OWN}"),
    "manager": (rf"{RECEIVES}{LINE} _recv_bytes < {LINE} recv < managers\.py _callmethod < ",),
    "enter": (rf"^({LOCK} __enter__ < )+program\.py enter",),
    "acquire": (r"^program\.py <lambda> < ",),
    "value": (r"^<string> getvalue < program\.py", r"^<string> setvalue < program\.py"),
    "array": (rf"^{LOCK} __enter__ < sharedctypes\.py __enter__ < ",),
    "condition": (
        rf"^{LOCK} wait < {OWN}",
        rf"^{LOCK} wait < {LOCK} wait_for < {OWN}",
        rf"^{LOCK} wait < {LOCK} wait < {OWN}",
    ),
    "barrier": (rf"^{LOCK} wait < {LOCK} wait_for < threading\.py _wait < threading\.py wait < ",),
    "notify": (rf"^{LOCK} notify < program\.py",),
    "pool": (
        r"^threading\.py wait < threading\.py wait < pool\.py wait < pool\.py get < ",
        r"^threading\.py wait < pool\.py next < ",
    ),
    "executor": (
        r"^threading\.py wait < _base\.py result < ",
        r"^threading\.py wait < threading\.py wait < _base\.py as_completed < ",
        r"^threading\.py wait < threading\.py wait < _base\.py wait < ",
    ),
    "ends": (
        r"threading\.py join < pool\.py join < ",
        r"threading\.py join < process\.py shutdown < ",
        r"threading\.py join < process\.py _python_exit < ",
    ),
}
"""The stacks, by the name of a group of threads: each must be that of a thread of the group, and
each of its threads must have one of them.
"""


@cache
def _outcome() -> tuple[str, str]:
    given = {"WANTED": repr(WANTED), "FRAME": repr(FRAME.pattern), "LIMIT": f"{TIME_LIMIT / 2}"}
    code = re.sub(r"\b(WANTED|FRAME|LIMIT)\b", lambda found: given[found[0]], PROGRAM)
    outcome = script(code)
    assert outcome.status == 0, outcome.stderr
    last, _, missing = outcome.stdout.partition("\n")
    return last, missing.strip()


def wrong(*groups: str) -> list[str]:
    """What of these groups of threads is not as WANTED has it. Only on Linux."""
    if sys.platform != "linux":
        return []
    assert set(groups) <= set(WANTED)
    return [
        line
        for line in _outcome()[1].splitlines()
        if line.startswith(tuple(f"('{g}'" for g in groups))
    ]


def last() -> str:
    """The last stack that is written."""
    return _outcome()[0] if sys.platform == "linux" else "<module>"
