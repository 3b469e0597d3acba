"""What docs/pitfalls/out-of-memory.md says."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from multiprocessing import get_start_method
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep
from typing import Any

from tests.claims import PAUSE, changed, no_fact, replaced, script, shown

LINUX = sys.platform == "linux"
MB = 1_000_000
GROUPS = Path("/sys/fs/cgroup")


def _in_a_pool(make: str) -> str:
    """The tasks of the page in a Pool; the second one makes what is given."""
    return changed(
        "out-of-memory/executor_tells",
        ("from concurrent.futures import ProcessPoolExecutor", ""),
        ("import resource\n", "import resource\nfrom multiprocessing import Pool\n"),
        ("return bytes(megabytes * MB)", f"return {make} if megabytes == 60 else megabytes"),
        ("ProcessPoolExecutor(1,", "Pool(1,"),
        ("pool.submit(read, size)", "pool.apply_async(read, (size,))"),
        ("len(task.result()) // MB", "task.get()"),
        ('"MB")', '"MB", flush=True)'),
    )


def _group(size: int) -> "Path | None":
    """A new control group of Linux with so much memory, if we may have one and it has an effect."""
    version_1 = GROUPS / "memory"
    folder = (version_1 if version_1.is_dir() else GROUPS) / f"out-of-memory-{os.getpid()}"
    limits = ["memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.max"]
    try:
        folder.mkdir()
    except OSError:
        return None
    found = [folder / name for name in limits if (folder / name).exists()]
    with suppress(OSError):
        for limit in found:
            limit.write_text(str(size), "utf-8")
        if (swap := folder / "memory.swap.max").exists():
            swap.write_text("0", "utf-8")
        if found and _run_in(folder, "-c", f"b'x' * {2 * size}").returncode == -signal.SIGKILL:
            return folder
    folder.rmdir()
    return None


def _run_in(group: Path, *arguments: str, **options: Any) -> "subprocess.CompletedProcess[str]":
    """Run Python in a group."""
    enter = ["sh", "-ec", f'echo $$ > {group}/cgroup.procs; exec "$@"', "sh"]
    command = [*enter, sys.executable, *arguments]
    return subprocess.run(command, stderr=subprocess.DEVNULL, check=False, text=True, **options)


def _empty(group: Path) -> None:
    """Kill what is in a group, but the resource tracker, which ends when the others have ended."""
    while left := (group / "cgroup.procs").read_text("utf-8").split():
        for process in left:
            with suppress(OSError):
                if b"resource_tracker" not in Path("/proc", process, "cmdline").read_bytes():
                    os.kill(int(process), signal.SIGKILL)
        sleep(PAUSE)
    group.rmdir()


KILLED = """
import sys
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

SCORE = "/proc/self/oom_score_adj"


def begin(score):
    with open(SCORE, "w", encoding="utf-8") as file:
        file.write(score)


def use(size):
    return len(b"x" * size)


if __name__ == "__main__":
    with ProcessPoolExecutor(1, initializer=begin, initargs=sys.argv[1:]) as pool:
        pool.submit(use, 1).result()
        table = b"x" * 90_000_000
        try:
            pool.submit(use, 200_000_000).result()
        except BrokenProcessPool:
            print("told", flush=True)
"""


def _out_of_memory(score: str) -> "tuple[int, str] | None":
    """The status and the output of a program whose worker needs more memory than there is.

    The program has more than the worker can get.
    """
    if (group := _group(160 * MB)) is None:
        return None
    with TemporaryDirectory() as folder:
        program, output = Path(folder, "program.py"), Path(folder, "output")
        program.write_text(KILLED, "utf-8")
        own = os.environ | {"TMPDIR": folder}
        try:
            with output.open("w") as file:
                ran = _run_in(group, str(program), score, stdout=file, env=own)
        finally:
            _empty(group)
        return ran.returncode, output.read_text("utf-8")


def a_limit_for_each_worker() -> None:
    """On Linux, use a `ProcessPoolExecutor`, and give each worker a limit with
    `resource.setrlimit` in the initializer. Then a task that needs too much raises a
    `MemoryError`, you know which task it was, and the others go on.

    A limit of 100 MB stands in for the memory of the machine. The second task makes 60 MB, and has
    no room for them once more, pickled. The third one is not affected, and the program ends with
    an error that names the task:

    A task can have the memory to make its result, and not to send it.
    """
    shown(
        "out-of-memory/executor_tells", "initializer=limit_memory", "except MemoryError:",
        "10 MB\n20 MB\n", "No memory for tasks [60]", "exit status 1",
    )  # fmt: skip
    if LINUX:  # to make it alone, there is room
        code = changed(
            "out-of-memory/executor_tells",
            ("return bytes(megabytes * MB)", "return len(bytes(megabytes * MB))"),
            ("len(task.result())", "task.result()"),
        )
        ran = script(code)
        assert (ran.status, ran.stdout) == (0, "10 MB\n60 MB\n20 MB\n"), ran


def your_program_itself() -> None:
    """Without a limit, Linux kills some process, perhaps your program itself.

    If it was your program: the shell prints `Killed`, and the exit status is 137.

    A program that has loaded a big table can be larger than each of its workers.

    If your program is killed, nothing can.
    """
    if ran := _out_of_memory("0"):
        assert ran == (-signal.SIGKILL, "")
    killed = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    if LINUX:
        enter = ["sh", "-c", '"$0" -c "$1"; echo $?', sys.executable, killed]
        ran_in_shell = subprocess.run(enter, capture_output=True, text=True, check=True)
        assert ran_in_shell.stdout == "137\n"
        assert "Killed" in ran_in_shell.stderr


def kill_a_worker_first() -> None:
    """If a worker is killed, the executor tells you, and your program can try the task again or
    save what is done.

    On Linux, a process may say of itself that it is to be killed sooner:

    With 1000, the highest value, a worker is chosen before a process that has 0; among workers,
    the one that uses the most memory is chosen.

    With an executor: `BrokenProcessPool`.

    for anything, and the system kills a worker | hangs | `BrokenProcessPool`
    """
    shown("out-of-memory/worker_first", '"1000"', "initializer=kill_me_first", "Worker: 1000")
    shown("killed-worker/pool_hangs", "still running after 5 s")
    shown("killed-worker/executor_raises", "BrokenProcessPool")
    if ran := _out_of_memory("1000"):
        assert ran == (0, "told\n")


def without_a_message() -> None:
    """With a `Process`: no message, and `exitcode` is -9."""
    shown("killed-worker/exit_code", "-9")


def where_it_hangs() -> None:
    """With a `Pool`: Silent. The program hangs."""
    shown("killed-worker/pool_hangs", "still running after 5 s")


def one_of_these() -> None:
    """Or, if the system has killed a process, one of these:

    In a container with a memory limit, this happens within the container.

    In Kubernetes with cgroups v2, all processes of the container are usually killed together,
    whatever the value.
    """
    no_fact("the pages that are linked say it")


# The programs below begin so.
LIMITED = """
import resource
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import Pipe, Pool, Process, Queue, active_children
from queue import Empty

MB = 1_000_000


def allow(size):
    resource.setrlimit(resource.RLIMIT_DATA, (size, resource.RLIM_INFINITY))

"""
PARENT = """
def make(size):
    return bytes(size)


if __name__ == "__main__":
    with ProcessPoolExecutor(1, initializer=allow, initargs=(2000 * MB,)) as pool:
        pool.submit(make, 1).result()
        allow(200 * MB)
        try:
            pool.submit(make, 190 * MB).result()
        except BrokenProcessPool:
            print("told", flush=True)
    allow(2000 * MB)
    pool = Pool(1, initializer=allow, initargs=(2000 * MB,))
    pool.apply(make, (1,))
    allow(200 * MB)
    threading.excepthook = lambda args: print(args.exc_type.__name__, flush=True)
    pool.apply(make, (190 * MB,))
    print("has it", flush=True)
"""


def in_the_parent() -> None:
    """in the parent, for receiving the result | the pool hangs | `BrokenProcessPool`"""
    if LINUX:
        ran = script(LIMITED + PARENT, hangs_after="told\nMemoryError\n")
        assert ran.status is None, ran


ARGUMENTS = """
if __name__ == "__main__":
    with ProcessPoolExecutor(1, initializer=allow, initargs=(150 * MB,)) as pool:
        pool.submit(len, b"").result()
        try:
            pool.submit(len, bytes(200 * MB)).result()
        except BrokenProcessPool:
            print("told", flush=True)
    pool = Pool(1, initializer=allow, initargs=(150 * MB,))
    (worker,) = active_children()
    task = pool.apply_async(len, (bytes(200 * MB),))
    worker.join()
    print("ended", flush=True)
    task.get()
    print("has it", flush=True)
"""


def for_the_arguments() -> None:
    """in the worker, for receiving the arguments | the worker ends, and the pool hangs |
    `BrokenProcessPool`
    """
    if LINUX:
        ran = script(LIMITED + ARGUMENTS, hangs_after="told\nended\n")
        assert ran.status is None, ran


TO_THE_WORKER = """
def ask(length, data):
    print(length(b"1"), flush=True)
    allow(220 * MB)
    try:
        length(data)
    except MemoryError:
        print("not sent", flush=True)
    print(length(b"1"), flush=True)
    allow(2000 * MB)


if __name__ == "__main__":
    data = bytes(150 * MB)
    with ProcessPoolExecutor(1) as pool:
        ask(lambda data: pool.submit(len, data).result(), data)
    with Pool(1) as pool:
        ask(lambda data: pool.apply_async(len, (data,)).get(), data)
"""


def to_send_the_arguments() -> None:
    """in the parent, for sending the arguments | `get()` raises `MemoryError`, the pool goes on |
    `result()` raises `MemoryError`, the executor goes on
    """
    if LINUX:
        ran = script(LIMITED + TO_THE_WORKER)
        assert (ran.status, ran.stdout) == (0, "1\nnot sent\n1\n" * 2), ran


SHORT = """

class Short:
    def __init__(self, size):
        self.data = bytes(size)


def main():"""


def for_the_result() -> None:
    """for what the task makes | `get()` raises `MemoryError`, the pool goes on | `result()`
    raises `MemoryError`, the executor goes on

    in the worker, for sending the result | `get()` raises `MaybeEncodingError`; if there is no
    memory for the result's `repr` either, the worker ends, and the pool hangs | `result()` raises
    `MemoryError`, the executor goes on
    """
    shown("out-of-memory/executor_tells", "10 MB\n20 MB\n", "No memory for tasks [60]")
    if not LINUX:
        return
    ran = script(_in_a_pool("bytes(200 * MB)"))
    assert (ran.status, ran.stdout) == (1, "10 MB\n20 MB\n"), ran
    code = changed("out-of-memory/executor_tells", ("bytes(megabytes * MB)", "b'x' * megabytes"))
    ran = script(code.replace("(10, 60, 20)", "(10, 200 * MB, 20)").replace(" // MB", ""))
    assert (ran.status, ran.stdout) == (1, "10 MB\n20 MB\n"), ran
    ran = script(_in_a_pool("Short(60 * MB)").replace("\n\ndef main():", SHORT))
    assert (ran.status, ran.stdout) == (1, "10 MB\n"), ran
    assert "MaybeEncodingError: Error sending result: " in ran.stderr
    code = replaced(
        _in_a_pool("bytes(60 * MB)"),
        ("import Pool", "import Pool, active_children"),
        ("        tasks =", "        (worker,) = active_children()\n        tasks ="),
        ("        for", "        worker.join()\n        print('ended')\n        for"),
    )
    ran = script(code, hangs_after="ended\n10 MB\n")
    assert ran.status is None, ran


TO_SEND = """
def put(queue):
    allow(100 * MB)
    queue.put(bytes(60 * MB))
    queue.close()
    queue.join_thread()


def send(sender):
    allow(100 * MB)
    try:
        sender.send(bytes(60 * MB))
    except MemoryError:
        print("not sent", flush=True)


if __name__ == "__main__":
    queue, (receiver, sender) = Queue(), Pipe(duplex=False)
    for worker in Process(target=put, args=(queue,)), Process(target=send, args=(sender,)):
        worker.start()
        worker.join()
    try:
        queue.get(timeout=1)
    except Empty:
        print("lost", flush=True)
"""
TO_RECEIVE = """
def receive(queue, receiver):
    allow(100 * MB)
    try:
        queue.get()
    except MemoryError:
        print("get: more is there:", queue._reader.poll(60), flush=True)
    try:
        receiver.recv()
    except MemoryError:
        print("recv: more is there:", receiver.poll(60), flush=True)


if __name__ == "__main__":
    queue, (receiver, sender) = Queue(), Pipe(duplex=False)
    worker = Process(target=receive, args=(queue, receiver))
    worker.start()
    queue.cancel_join_thread()
    queue.put(bytes(200 * MB))
    threading.Thread(target=sender.send, args=(bytes(200 * MB),), daemon=True).start()
    worker.join()
"""


def with_a_queue_or_a_pipe() -> None:
    """With a `Queue`, an item that there is no memory to send is lost, and standard error shows a
    `MemoryError`. With a `Pipe`, `send` raises it. If there is no memory to receive a message,
    `get` or `recv` raises `MemoryError`, and the rest of the message stays in the pipe: use a new
    queue or pipe.
    """
    if LINUX:
        ran = script(LIMITED + TO_SEND)
        assert ran.stdout == "not sent\nlost\n", ran
        assert "MemoryError" in ran.stderr
        ran = script(LIMITED + TO_RECEIVE)
        assert ran.stdout == "get: more is there: True\nrecv: more is there: True\n", ran


TWICE = """
import tracemalloc
from multiprocessing import Pipe, Process

SIZE = 10_000_000


def receive(receiver):
    tracemalloc.start()
    receiver.recv()
    print("received", tracemalloc.get_traced_memory()[1] >= 2 * SIZE, flush=True)


if __name__ == "__main__":
    receiver, sender = Pipe(duplex=False)
    worker = Process(target=receive, args=(receiver,))
    worker.start()
    tracemalloc.start()
    sender.send(bytes(SIZE))
    print("sent", tracemalloc.get_traced_memory()[1] >= 2 * SIZE, flush=True)
    worker.join()
"""


def in_memory_twice() -> None:
    """To be sent, data is pickled, and so it is in memory twice, on both sides."""
    ran = script(TWICE)
    assert sorted(ran.stdout.splitlines()) == ["received True", "sent True"], ran


COUNTED = """
import mmap
import resource
import threading
from multiprocessing import Process

MB = 1_000_000


def room():
    '''Whether there are 100 MB more.'''
    try:
        bytes(100 * MB)
    except MemoryError:
        return False
    return True


def limit(kind):
    name = {resource.RLIMIT_DATA: "VmData:", resource.RLIMIT_AS: "VmSize:"}[kind]
    for line in open("/proc/self/status"):
        if line.startswith(name):
            used = int(line.split()[1]) * 1024
    resource.setrlimit(kind, (used + 150 * MB, resource.RLIM_INFINITY))


def work(kind, takes):
    if takes != "parent":
        limit(kind)
    if takes == "shared":
        taken = mmap.mmap(-1, 100 * MB)
    elif takes == "unwritten":
        taken = bytes(100 * MB)
    elif takes == "stacks":
        threading.stack_size(40 << 20)
        taken = threading.Event()
        threads = [threading.Thread(target=taken.wait, daemon=True) for _ in range(2)]
        for thread in threads:
            thread.start()
    print(takes, room(), flush=True)


if __name__ == "__main__":
    for kind in resource.RLIMIT_DATA, resource.RLIMIT_AS:
        for takes in "nothing", "shared", "unwritten":
            worker = Process(target=work, args=(kind, takes))
            worker.start()
            worker.join()
    resource.setrlimit(resource.RLIMIT_DATA, (300 * MB, resource.RLIM_INFINITY))
    table = bytes(200 * MB)
    for kind, takes in (resource.RLIMIT_DATA, "stacks"), (0, "parent"):
        worker = Process(target=work, args=(kind, takes))
        worker.start()
        worker.join()
"""


def what_counts() -> None:
    """A block of shared memory is not counted. `RLIMIT_AS` counts all addresses, and so also
    shared memory and libraries.

    Under `fork`, the parent's data counts in each worker.

    The stack of a thread counts in full, usually 8 MiB: leave room for the threads of NumPy, for
    example.
    """
    if not LINUX:
        return
    ran = script(COUNTED)
    data = "nothing True\nshared True\nunwritten False\n"
    addresses = "nothing True\nshared False\nunwritten False\n"
    rest = f"stacks False\nparent {get_start_method() != 'fork'}\n"
    assert ran.stdout == data + addresses + rest, ran


def one_for_each_process() -> None:
    """The limit is one for each process, so all workers together can use a multiple of it.

    A library in C that does not expect to be refused may crash instead: then the worker was
    killed.
    """
    no_fact("what a limit of a process is; what may happen")


def measure_one_task() -> None:
    """Measure one task in a worker of its own. Then start as many workers as fit into the free
    memory, and not more than processors:

    If tasks differ much, let the small ones run in many workers, and the big ones afterwards in
    one.
    """
    no_fact("advice")


def what_the_parent_had() -> None:
    """Under `spawn`, on Linux, that includes the most that the parent has used before it started
    the worker, even if it was freed: measure before the parent loads its data.
    """
    shown("out-of-memory/measured", "One task: about 200 MB")
    if LINUX:
        had = "    table = b'x' * (600 * MB)\n    del table\n"
        start = "    with ProcessPoolExecutor(1)"
        ran = script(changed("out-of-memory/measured", (start, had + start)))
        most = 600 if get_start_method() == "spawn" else 200
        assert ran.stdout == f"One task: about {most} MB\n", ran


def shared_counts_in_each() -> None:
    """Memory that is shared is counted in each process."""
    if LINUX:
        ran = script(SHARED)
        assert ran.stdout == "counted True\n" * 2, ran


SHARED = """
import resource
from multiprocessing import Process
from multiprocessing.shared_memory import SharedMemory

SIZE = 100_000_000


def use(name):
    block = SharedMemory(name=name)
    sum(block.buf[::4096])
    print("counted", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 > SIZE, flush=True)
    block.close()


if __name__ == "__main__":
    block = SharedMemory(create=True, size=SIZE)
    try:
        block.buf[:] = bytes(SIZE)
        for _ in range(2):
            worker = Process(target=use, args=(block.name,))
            worker.start()
            worker.join()
    finally:
        block.close()
        block.unlink()
"""


def use_less() -> None:
    """Give a task the name of a file, not its content, and let it return a small result.

    Read in pieces, and wait when too many are on their way: a big file.

    Keep a big array once, in shared memory, or a table as a file that is mapped.

    A worker whose memory grows from task to task can be replaced, with `max_tasks_per_child`.
    """
    no_fact("advice; the pages that are linked have the programs")
