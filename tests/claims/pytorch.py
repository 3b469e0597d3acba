"""What docs/frameworks/pytorch.md says."""

import gc
import multiprocessing
import os
import re
import resource
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from multiprocessing import Event, Process, SimpleQueue, get_start_method
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event as EventType
from pathlib import Path
from typing import Any

from tests.claims import ROOT, SURE, TIME_LIMIT, no_fact, raises, script, shown

HERE = find_spec("torch") is not None
PROGRAMS = ROOT / "examples" / "pytorch"
LONG = 120.0  # seconds for a program that imports PyTorch twice
ONCE = "fork"  # what has nothing to do with the start method is checked under one


def _torch(module: str = "torch") -> Any:
    return import_module(module)


def share_it() -> None:
    """Call `share_memory_()` on a tensor that several processes change.

    The child is killed, and what it has written remains.
    """
    shown(
        "pytorch/shared",
        "torch.zeros(3).share_memory_()",
        "signal.SIGKILL",
        "exit code -9\nlevels: [1.0, 1.0, 1.0]",
    )


def a_copy_under_fork() -> None:
    """But under `fork`, the arguments of a `Process` are not pickled, and so the child has a copy
    of the tensor.

    Silent. A child changes a tensor, or a worker an attribute of the dataset, and the parent does
    not see it.
    """
    shown("pytorch/argument", "args=(levels,)", "[0.0, 0.0, 0.0]\n", "[1.0, 1.0, 1.0]\n")
    shown("pytorch/counted", "self.count += 1", "in the attribute: 0")


def under_each_method() -> None:
    """`share_memory_()` moves the tensor to shared memory, under each start method."""
    if HERE:
        tensor = _torch().zeros(3)
        assert not tensor.is_shared()
        assert tensor.share_memory_() is tensor
        assert tensor.is_shared()
    shown("pytorch/shared", "levels: [1.0, 1.0, 1.0]")


def a_model() -> None:
    """For all parameters of a model, call `model.share_memory()` before you start the processes, as
    the last step: `double()`, `half()` and `load_state_dict(..., assign=True)` replace its
    parameters by ones that are not shared, and no error is reported.
    """
    if HERE and get_start_method() == ONCE:
        linear = _torch("torch.nn").Linear
        state = linear(1, 1).state_dict()
        for change, stays in [
            (linear.float, True),
            (linear.double, False),
            (linear.half, False),
            (lambda model: model.load_state_dict(state), True),
            (lambda model: model.load_state_dict(state, assign=True), False),
        ]:
            model = linear(1, 1).share_memory()
            assert all(parameter.is_shared() for parameter in model.parameters())
            change(model)
            assert all(parameter.is_shared() == stays for parameter in model.parameters())


def a_lock() -> None:
    """If several processes add to it, they need a lock."""
    no_fact("advice; the page that is linked proves it")


def killed_with_the_lock() -> None:
    """If it is killed while it holds the lock, all others wait forever."""
    shown("lock-holder-killed/terminated", "Output")


def messages() -> None:
    """`Got pickle error when attempting to start a worker Process`: the dataset has a lambda, or
    something else that cannot be pickled.

    `DataLoader worker (pid ...) is killed by signal` or `exited unexpectedly`: the worker was
    killed.

    A lambda or a function inside another one cannot be pickled:
    """
    shown(
        "pytorch/lambda_in_dataset",
        "transform=lambda image",
        "the lambda cannot be pickled",
        "Got pickle error when attempting to start a worker Process.",
    )
    shown("pytorch/worker_killed", "signal.SIGKILL", "is killed by signal", "exited unexpectedly")


def _send(queue: Any, gate: Connection) -> None:
    torch = _torch()
    for _ in range(40):
        queue.put(torch.ones(2))
    gate.send("sent")
    gate.recv()


@contextmanager
def _sender() -> Iterator[Any]:
    """A queue with tensors of a process that is alive."""
    queue: Any = SimpleQueue()
    ours, theirs = multiprocessing.Pipe()
    child = Process(target=_send, args=(queue, theirs), daemon=True)
    child.start()
    theirs.close()
    assert ours.recv() == "sent"
    yield queue
    ours.send("end")
    child.join()


@contextmanager
def _most_files(number: int) -> Iterator[None]:
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (number, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def too_many_tensors() -> None:
    """`Too many open files`, with `unable to open shared memory object` or without, or `received 0
    items of ancdata`: too many shared tensors are kept.

    On Linux, each tensor in shared memory keeps a file open as long as it exists: one that was
    received, and one for which `share_memory_()` was called, such as each parameter after
    `model.share_memory()`. A program that keeps its batches reaches the limit, which here is 64:
    """
    shown("pytorch/kept", "RLIMIT_NOFILE, (64, most)", "Too many open files\n")
    if not HERE or sys.platform != "linux":
        return
    torch = _torch()
    before = len(os.listdir("/proc/self/fd"))
    model = torch.nn.Linear(1, 1).share_memory()  # with two parameters
    assert len(os.listdir("/proc/self/fd")) == before + 2
    del model
    assert len(os.listdir("/proc/self/fd")) == before
    shared = []
    text = "in read-write mode: Too many open files"  # after "unable to open ..."
    with _most_files(before + 15), raises(RuntimeError, text=text):
        while True:
            shared.append(torch.zeros(1).share_memory_())
    shared.clear()
    with _sender() as queue:
        kept = [queue.get()]
        before = len(os.listdir("/proc/self/fd"))
        kept += [queue.get() for _ in range(5)]
        assert len(os.listdir("/proc/self/fd")) == before + 5
        text = "received 0 items of ancdata"
        with _most_files(before + 15), raises(RuntimeError, text=text):
            while True:
                kept.append(queue.get())


def a_copy_keeps_none() -> None:
    """A `clone()` keeps no file open:"""
    shown("pytorch/copied", "RLIMIT_NOFILE, (64, most)", "batch.clone()", "kept: 100")


def _send_and_die(queue: Any, folder: str) -> None:
    tempfile.tempdir = folder  # for its socket, which stays
    queue.put(_torch().ones(2))
    os.kill(os.getpid(), signal.SIGKILL)


def the_sender_has_ended() -> None:
    """`EOFError`, `FileNotFoundError`, `ConnectionRefusedError` or `ConnectionResetError` while a
    tensor is received, in `rebuild_storage_fd`: its sender has ended.

    If that process has ended, there is an error:
    """
    shown("pytorch/sender_ended", "FileNotFoundError: [Errno 2]")
    if HERE and sys.platform == "linux":
        queue: Any = SimpleQueue()
        with tempfile.TemporaryDirectory() as folder:
            child = Process(target=_send_and_die, args=(queue, folder))
            child.start()
            child.join()
            with raises(ConnectionRefusedError):
                queue.get()


def _killed(_: EventType) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def a_list() -> None:
    """The sender must not end before all its tensors have been received: let it wait for an
    answer, such as an Event that the receiver sets. Give `wait()` a `timeout`: without one, it
    never returns if the receiver is killed. Or send lists, such as the second item here: they are
    copied.
    """
    if sys.platform != "win32" and get_start_method() == ONCE:
        receiver = Process(target=_killed, args=(received := Event(),))
        receiver.start()
        receiver.join()
        assert not received.wait(SURE)
    if HERE:
        with _sender() as queue:  # which waits for an answer
            assert queue.get().tolist() == [1, 1]
    shown("pytorch/sender_ended", "queue.put([1.0, 1.0])", "\n[1.0, 1.0]\n")


def hangs() -> None:
    """A child hangs in its first computation, without an error: its parent has computed before the
    fork.
    """
    shown("pytorch/after_threads", "still running after 30 s", "parent: 125000000.0")
    shown("pytorch/after_threads", "child: 125000000.0")


def _compute(sums: Any) -> None:
    numbers = _torch().ones(500, 500)
    sums.put((numbers @ numbers).sum().item())


def _compute_alone(sums: Any) -> None:
    _torch().set_num_threads(1)
    _compute(sums)


def without_other_threads() -> None:
    """Use `forkserver` or `spawn`. Or call `torch.set_num_threads(1)` first in the child, as the
    initializer above does: it then computes without other threads.
    """
    shown("pytorch/threads", "torch.set_num_threads, (1,)", "threads: 1")
    if HERE and get_start_method() == ONCE:
        sums: Any = SimpleQueue()
        torch = _torch()
        torch.set_num_threads(2)
        _compute(sums)
        child = Process(target=_compute_alone, args=(sums,), daemon=True)
        child.start()
        child.join()
        assert sums.get() == sums.get() == 125_000_000


def cuda() -> None:
    """`Cannot re-initialize CUDA in forked subprocess`: CUDA needs another start method."""
    if HERE:
        spec = find_spec("torch.cuda")
        assert spec
        text = Path(str(spec.origin)).read_text("utf-8")
        assert "if _is_in_bad_fork():" in text
        assert "Cannot re-initialize CUDA in forked subprocess" in text
        assert "you must use the 'spawn' start method" in text


class _Batches:
    """Three tensors, from a worker whose socket is in a folder."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def __len__(self) -> int:
        return 3

    def __getitem__(self, index: int) -> Any:
        tempfile.tempdir = self.folder
        return _torch().ones(index + 1)


def killed_before_it_was_fetched() -> None:
    """In a `DataLoader`, that is a worker.

    There, the sender of a batch is a worker. If it is killed before its batch was fetched, the loop
    raises a `RuntimeError`, `DataLoader worker (pid ...) is killed by signal` or `exited
    unexpectedly`, and the connection error is at most the cause of that: see what to do when a
    worker is killed.
    """
    if not HERE or sys.platform != "linux":
        return
    with tempfile.TemporaryDirectory() as folder:
        loader = _torch("torch.utils.data").DataLoader(
            _Batches(folder), num_workers=1, batch_size=None
        )
        batches = iter(loader)
        assert batches._worker_result_queue._reader.poll(TIME_LIMIT)
        (worker,) = batches._workers
        os.kill(worker.pid, signal.SIGKILL)
        try:
            worker.join()
            list(batches)
        except RuntimeError as error:
            told, cause = str(error), error.__cause__
        del batches
        gc.collect()
    assert re.match(r"DataLoader worker \(pid.*(is killed by signal|exited unexpectedly)", told)
    assert cause is None or isinstance(cause, OSError | EOFError)


def no_harm() -> None:
    """That does no harm."""
    no_fact("a judgment: the batch is not needed")


def only_the_memory_of_a_cpu() -> None:
    """Only the memory of a CPU can be shared that way, so send `tensor.cpu()`, and move it to the
    device in the process that receives it.
    """
    if HERE and sys.platform == "linux":
        elsewhere = _torch().ones(2, device="meta")  # a device that each machine has
        with raises(RuntimeError, text="_share_fd_: only available on CPU"):
            elsewhere.share_memory_()
        assert _torch().ones(2).share_memory_().cpu().is_shared()


def not_executed() -> None:
    """This was not executed here."""
    no_fact("what was done")


def the_same_memory() -> None:
    """A queue sends the handle, and not the numbers. A program that fills one tensor again and
    again sends the same memory each time:

    If you go on changing a tensor, send its `clone()`.
    """
    shown(
        "pytorch/sent",
        "batch.fill_(number).clone()",
        "the tensor: [6.0, 6.0, 6.0]",
        "its copies: [2.0, 4.0, 6.0]",
    )


def at_module_level() -> None:
    """Use a function at module level:"""
    shown("pytorch/picklable", "Images(transform=scale)", "[0, 10]")


def workers_by_a_fork() -> None:
    """With `multiprocessing_context="fork"`, the workers of one `DataLoader` are forked, and
    nothing is pickled. Then threads of the program can make them hang.
    """
    if HERE:
        loader = _torch("torch.utils.data").DataLoader(
            [1, 2], collate_fn=lambda batch: batch, num_workers=1, multiprocessing_context="fork"
        )
        assert list(loader) == [[1], [2]]
    shown("fork-with-threads/lock_held", "still running after")


def a_copy_of_the_dataset() -> None:
    """A counter or a cache in the dataset is filled in the worker only, and is lost when the worker
    ends. A shared tensor keeps what the workers write:
    """
    shown(
        "pytorch/counted",
        "items: 4\nin the attribute: 0\nin the shared tensor: [1.0, 1.0, 1.0, 1.0]",
    )


class _KilledOnce:
    """Kills the first worker that asks for an item."""

    def __init__(self) -> None:
        self.killed = _torch().zeros(1).share_memory_()

    def __len__(self) -> int:
        return 3

    def __getitem__(self, index: int) -> int:
        if not self.killed:
            self.killed += 1
            os.kill(os.getpid(), signal.SIGKILL)
        return index


def after_the_kill() -> None:
    """The loop ends with an error, and the next one starts new workers. With
    `persistent_workers=True`, it raises an error again: make a new `DataLoader`. The workers of
    `forkserver` are not children of the program, so PyTorch finds out only after some seconds, and
    does not name the signal.
    """
    shown("pytorch/worker_killed", "is killed by signal: Killed", ") exited unexpectedly")
    if HERE and sys.platform != "win32":
        assert _torch("torch.utils.data._utils").MP_STATUS_CHECK_INTERVAL == 5
        loader = _torch("torch.utils.data").DataLoader(_KilledOnce(), num_workers=1)
        with raises(RuntimeError, text="DataLoader worker"):
            list(loader)
        gc.collect()
        assert len(list(loader)) == 3
        if get_start_method() == ONCE:
            data = _torch("torch.utils.data")
            kept = data.DataLoader(_KilledOnce(), num_workers=1, persistent_workers=True)
            for _ in range(2):
                with raises(RuntimeError, text="DataLoader worker"):
                    list(kept)
            gc.collect()


def memory_ran_out() -> None:
    """After `Killed`, look whether memory ran out."""
    no_fact("advice")


FULL = """
import os, sys
if os.getpid() != 1:
    enter = ["unshare", "--user", "--map-root-user", "--mount", "--pid", "--fork", "--kill-child"]
    setup = 'mount -t tmpfs -o size=1m shm /dev/shm; exec "$@"'
    program = [sys.executable, *sys.orig_argv[1:]]
    os.execvp("unshare", [*enter, "--mount-proc", "sh", "-ec", setup, "sh", *program])
import torch
from torch.utils.data import DataLoader
loader = DataLoader([torch.ones(1_000_000)], num_workers=1, multiprocessing_context="fork")
try:
    list(loader)
except RuntimeError as error:
    print(str(error).splitlines()[-1])
"""


def a_full_dev_shm() -> None:
    """PyTorch 2.13.0 does, and the worker raises `unable to allocate shared memory(shm) for file`,
    with `No space left on device`.
    """
    from examples._inline import missing
    from examples._runner import run

    needed = '# /// script\n# [tool.examples]\n# commands = ["unshare"]\n# ///\n'
    if HERE and get_start_method() == ONCE and missing(needed) == ([], []):
        with tempfile.TemporaryDirectory(dir=".") as folder:
            program = Path(folder, "full.py")
            program.write_text(FULL, "utf-8")
            outcome = run(program, ONCE, LONG)
        assert "unable to allocate shared memory(shm) for file" in outcome.stdout, outcome
        assert "No space left on device" in outcome.stdout


def in_the_program_itself() -> None:
    """If it cannot be enlarged, `num_workers=0` loads the data in the program itself, without
    shared memory; then leave out `timeout`, `persistent_workers`, `prefetch_factor` and
    `multiprocessing_context`, which raise an error.
    """
    if HERE and get_start_method() == ONCE:
        loader, tensors = _torch("torch.utils.data").DataLoader, _torch().ones(1, 2)
        (batch,) = loader(tensors, num_workers=0)
        assert not batch.is_shared()
        options: list[dict[str, Any]] = [
            {"timeout": 60},
            {"persistent_workers": True},
            {"prefetch_factor": 2},
            {"multiprocessing_context": "spawn"},
        ]
        for option in options:
            with raises(AssertionError, ValueError):
                list(loader(tensors, num_workers=0, **option))


def more_room() -> None:
    """In both cases, give the container more, with `docker run --shm-size=2g`, or use fewer workers
    or smaller batches.
    """
    no_fact("advice")


def as_many_threads() -> None:
    """Without a limit, each worker of a pool computes with as many threads as a new program, and
    together they can have more than there are processors. A limit that `main()` sets with
    `torch.set_num_threads` reaches a worker only under `fork`. Set the limit in the initializer:
    """
    shown("pytorch/threads", "Pool(1, torch.set_num_threads, (1,))", "threads: 1")
    if HERE:
        torch = _torch()
        new = torch.get_num_threads()
        torch.set_num_threads(new + 5)
        with multiprocessing.Pool(1) as pool:
            expected = new + 5 if get_start_method() == "fork" else new
            assert pool.apply(torch.get_num_threads) == expected


def _tell_number(number: int) -> None:
    assert number == _torch("torch.utils.data").get_worker_info().id


def _without() -> None:
    pass


def with_one_parameter() -> None:
    """To see where a worker waits, pass a function at module level with one parameter, the number
    of the worker, as `worker_init_fn` that calls `faulthandler.register(signal.SIGUSR1)`, and send
    the signal to the worker.
    """
    if HERE and get_start_method() == ONCE:
        loader = _torch("torch.utils.data").DataLoader
        assert list(loader([1, 2], None, num_workers=2, worker_init_fn=_tell_number)) == [1, 2]
        with raises(TypeError, text="takes 0 positional arguments but 1 was given"):
            list(loader([1], None, num_workers=1, worker_init_fn=_without))


class _Threads:
    def __len__(self) -> int:
        return 1

    def __getitem__(self, index: int) -> int:
        threads: int = _torch().get_num_threads()
        return threads


def one_thread() -> None:
    """A worker of a `DataLoader` has one thread without that."""
    if HERE:
        loader = _torch("torch.utils.data").DataLoader(_Threads(), num_workers=1)
        assert [batch.item() for batch in loader] == [1]


def versions() -> None:
    """The programs of this page were run with PyTorch 2.13.0, for the CPU, on Python 3.11.7 and
    Linux, under each start method. PyTorch is too large to be installed for the tests of this site,
    so they run these programs only where it is installed.
    """
    from importlib.metadata import version

    from examples._inline import missing

    if HERE:
        assert version("torch").startswith("2.13.0")
    source = (PROGRAMS / "shared.py").read_text("utf-8")
    assert missing(source) == ([] if HERE else ["torch"], [])
    assert re.search(r'\nlarge = .*"torch"', (ROOT / "pyproject.toml").read_text("utf-8"))
    assert "\ntorch==" not in (ROOT / "requirements.txt").read_text("utf-8")


CLOSED = """
import os
import sys
from multiprocessing import Process
from multiprocessing.resource_sharer import DupFd, stop


def receive(sent):
    try:
        sent.detach()
    except (EOFError, ConnectionResetError):
        print("nothing")


if __name__ == "__main__":
    free = [os.open(os.devnull, os.O_RDONLY) for _ in range(8)]  # for what is opened later
    ours = os.pipe()
    sent = DupFd(ours[0])
    same = [n for n in range(ours[1] + 1, 64) if os.path.exists(f"/proc/self/fd/{n}")]
    [copy] = [n for n in same if os.path.samestat(os.fstat(n), os.fstat(ours[0]))]
    for number in copy, *free:
        os.close(number)
    child = Process(target=receive, args=(sent,))
    child.start()
    child.join()
    stop()  # waits until the thread that sends has printed its error
"""


def closed_by_others() -> None:
    """`OSError: [Errno 9] Bad file descriptor` in `sendfds` is printed by the process that sends a
    tensor: other code there has closed a descriptor that is not its own, such as a file that it
    closes twice by its number.

    With `file_system`, no descriptors are sent.
    """
    if sys.platform == "linux":
        ran = script(CLOSED)
        assert ran.stdout == "nothing\n"
        assert "in sendfds\n" in ran.stderr
        assert "OSError: [Errno 9] Bad file descriptor" in ran.stderr


def its_own_method() -> None:
    """A library can choose its start method itself, and then `set_start_method` has no effect on
    its workers. vLLM reads it from the environment: set `VLLM_WORKER_MULTIPROC_METHOD=spawn`.
    """
    context = multiprocessing.get_context("spawn")  # as a library does
    assert context.get_start_method() == "spawn"


def too_big_to_send() -> None:
    """On Windows, `OSError: [Errno 22] Invalid argument` in the program and `pickle data was
    truncated` in the worker can mean that the dataset is too big to be sent. Let the dataset keep
    only the paths, and open its files when the first item is read.
    """
    no_fact("the page that is linked has the source; advice")


EPOCHS = """
import torch
from torch.utils.data import DataLoader


class Images:
    def __len__(self):
        return 2

    def __getitem__(self, index):
        torch.set_num_threads(2)
        return compute()


def compute():
    numbers = torch.ones(500, 500)
    return (numbers @ numbers).sum().item()


def main():
    loader = DataLoader(Images(), num_workers=1, timeout=20)
    assert len(list(loader)) == 2
    print("1 epoch")
    torch.set_num_threads(2)
    compute()
    try:
        assert len(list(loader)) == 2
        print("2 epochs")
    except RuntimeError as error:
        assert "timed out" in str(error)
        print("timed out")


if __name__ == "__main__":
    main()
"""


def between_two_epochs() -> None:
    """A `DataLoader` hangs at the end of an epoch, without an error: its next workers are forked.

    By then the program has computed, so forked workers whose dataset calls
    `torch.set_num_threads(2)` hang, although those of the first epoch did not.

    `multiprocessing_context="spawn"` or `"forkserver"` prevents it.
    """
    from examples._runner import run

    shown("pytorch/after_threads", "still running after 30 s")
    if HERE and sys.platform == "linux" and get_start_method() == ONCE:
        with tempfile.TemporaryDirectory(dir=".") as folder:
            program = Path(folder, "epochs.py")
            program.write_text(EPOCHS, "utf-8")
            assert run(program, ONCE, LONG).stdout == "1 epoch\ntimed out\n"


CRASHES = """
import ctypes, faulthandler, signal, sys

faulthandler.enable()  # as `python -X faulthandler` does
libc = ctypes.CDLL(None)
libc.signal.argtypes, libc.signal.restype = [ctypes.c_int, ctypes.c_void_p], ctypes.c_void_p
libc.signal(signal.SIGSEGV, 0)  # as C code that sets a handler of its own
if sys.argv[1] == "disable":
    faulthandler.disable()
faulthandler.enable()
signal.raise_signal(signal.SIGSEGV)
"""


def a_segmentation_fault() -> None:
    """If the same item does not crash with `num_workers=0`, try `multiprocessing_context="spawn"`:
    a forked worker has copies of locks and other objects that threads of its parent were using.
    """
    if sys.platform == "linux":
        for option, seen in ("", False), ("disable", True):
            ran = script(CRASHES.replace("sys.argv[1]", repr(option)))
            assert ("Segmentation fault" in ran.stderr and "program.py" in ran.stderr) == seen
    shown("fork-with-threads/lock_held", "still running after 5 s")


REMOVED = """
import os
import sys
from glob import glob
from multiprocessing import get_context
from time import sleep
import torch
import torch.multiprocessing


def remove_files(pid):
    for file in glob(f"/dev/shm/torch_{pid}_*"):
        os.unlink(file)


def send(queue, gate):
    queue.put(torch.ones(9))
    gate.recv()


if __name__ == "__main__":
    torch.multiprocessing.set_sharing_strategy("file_system")
    context = get_context("fork")
    queue, (ours, theirs) = context.SimpleQueue(), context.Pipe()
    child = context.Process(target=send, args=(queue, theirs))
    child.start()
    while queue.empty():
        sleep(0.01)
    remove_files(child.pid)
    try:
        queue.get()
    except RuntimeError as error:
        print(error, flush=True)
    ours.send("end")
    child.join()
    mine = torch.ones(9).share_memory_()
    remove_files(os.getpid())
    try:
        del mine
    except BaseException:
        print("caught")
    print("goes on")
"""
ABORTS = """
import os
import torch
from torch.utils.data import DataLoader

class Crashes:
    def __len__(self):
        return 1

    def __getitem__(self, index):
        os.abort()

if __name__ == "__main__":
    for batch in DataLoader(Crashes(), num_workers=1, multiprocessing_context="fork"):
        pass
"""


def could_not_unlink() -> None:
    """With the strategy `file_system`, a shared tensor is a file such as
    `/dev/shm/torch_123_456_0`. If something else removes the file while the tensor is in use, the
    process that uses it last ends with `could not unlink the shared memory file` and SIGABRT, which
    no `except` catches; a `DataLoader` whose worker it was raises `DataLoader worker (pid ...) is
    killed by signal: Aborted`, or `exited unexpectedly`. A process that receives the tensor after
    that gets `unable to open shared memory object`, with `No such file or directory`.

    The default strategy of Linux keeps no such files, but needs more open files.
    """
    if HERE and sys.platform == "linux" and get_start_method() == ONCE:
        ended = script(REMOVED)
        assert ended.stdout.startswith("unable to open shared memory object </torch_")
        assert "No such file or directory" in ended.stdout
        assert "goes on" not in ended.stdout and "caught" not in ended.stdout
        assert ended.status == -signal.SIGABRT
        assert "could not unlink the shared memory file /torch_" in ended.stderr
        told = script(ABORTS).stderr
        assert "is killed by signal: Aborted" in told or "exited unexpectedly" in told
        kept = [_torch().ones(9).share_memory_()]
        assert kept[0].is_shared()
        assert not list(Path("/dev/shm").glob(f"torch_{os.getpid()}_*"))


def look_for_it() -> None:
    """Look for what empties `/dev/shm`: a script, or systemd, which removes a user's files there
    when the user logs out. If the loop of a `DataLoader` waits forever instead, set a `timeout`.

    Set a `timeout`, or `num_workers=0`, with which nothing is sent; if it began with other
    processes or threads in the program, try `multiprocessing_context="forkserver"`.

    Keep copies instead.
    """
    no_fact("advice; the sections that are linked have the sources")


def at_the_end() -> None:
    """The program has done its work by then.

    Delete the loader and its batches before the end, by keeping them in the variables of a
    function, or update PyTorch.
    """
    no_fact("advice; when Python sets the globals to None is linked")


def num_proc() -> None:
    """Leave out `num_proc`. Or set `TOKENIZERS_PARALLELISM=false` before the program starts, and
    call `torch.set_num_threads(1)` first in it.

    So `map` with `batched=True` and without `num_proc` may use all cores already, and processes
    only add what it costs to start them and to send the function and the results.
    """
    no_fact("what follows from the sentences with sources, and advice")


def lower_it() -> None:
    """Lower `num_proc` first, then `writer_batch_size` and `batch_size`."""
    no_fact("advice")


def children_of_others() -> None:
    """Each worker then loads a model of its own into the memory of the GPU. To have it there only
    once, start one worker, or keep the model in one process that answers the others.
    """
    no_fact("what follows from a worker being a process, and advice")


def no_call_of_cuda() -> None:
    """So leave out `--preload`, and call nothing of CUDA in the master: even
    `torch.cuda.is_available()` is too much.
    """
    no_fact("advice; its reason is linked")


def process_0_terminated() -> None:
    """Then the traceback is above, in what the process wrote to standard error.

    `terminated with signal SIGKILL` stands for memory that ran out, most of the time.
    """
    no_fact("where to look; the linked section has the proof for SIGKILL")


def ends_with_its_parent() -> None:
    """To prevent it, let the workers end with their parent."""
    no_fact("advice; the page that is linked proves it")


def nothing_in_common() -> None:
    """Processes that have nothing in common need no `share_memory()`: let each load a model of
    its own, on the device that is its argument.
    """
    no_fact("advice")
