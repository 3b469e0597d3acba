"""What docs/pitfalls/pipe-no-eof.md says."""

import os
import signal
import struct
import sys
from multiprocessing import Event, Manager, Pipe, Pool, Process, get_start_method, reduction
from multiprocessing.connection import Connection, wait
from multiprocessing.synchronize import Event as EventType
from pathlib import Path
from time import sleep

from tests.claims import PAUSE, TIME_LIMIT, changed, no_fact, raises, script, shown


def _wait(end: EventType) -> None:
    end.wait()


def _send_and_wait(sender: Connection, size: int, end: EventType) -> None:
    sender.send(bytes(size))
    end.wait()


def _start_program(sender: Connection) -> None:
    sender.send(os.spawnlp(os.P_NOWAIT, "sleep", "sleep", "60"))


def _copies(sender: Connection, end: EventType) -> Process:
    """A child that has a copy of an end, and keeps it open."""
    child = Process(target=_send_and_wait, args=(sender, 1, end))
    child.start()
    return child


def _stop(end: EventType, *children: Process) -> None:
    end.set()
    for child in children:
        child.join()


def close_both_copies() -> None:
    """Right after `start()`, close the child's end of the `Pipe` in the parent; in the child, close
    the parent's end.

    Pass both ends to the child, and let it close the one that it does not use. This works
    under every start method.
    """
    shown("pipe-no-eof/end_closed", "start()\n    sender.close()", "has closed its end")
    shown("pipe-no-eof/child_closes", "args=(receiver, sender)", "No more frames", "Output\n")


def silent() -> None:
    """Silent. The program prints no error. It hangs in `recv()`, although the process at the
    other end has closed its connection and ended.
    """
    shown("pipe-no-eof/end_kept_open", "still running after 5 s", "with sender:", "Received 21.5")


def each_has_a_copy() -> None:
    """`poll()` keeps returning `False`, which it does not do at the end of a pipe.

    An end that you pass to a process is copied: the child has one copy, and the parent keeps
    another. As long as the parent keeps its copy of the sending end open, an item could still
    come, from the parent itself. So the parent waits for itself.
    """
    receiver, sender = Pipe(duplex=False)
    child = _copies(sender, end := Event())
    receiver.recv()
    _stop(end, child)
    assert not receiver.poll(0.1)
    sender.send("from the parent")
    assert receiver.recv() == "from the parent"
    sender.close()
    assert receiver.poll(0.1)
    with raises(EOFError):
        receiver.recv()
    receiver.close()


def another_error() -> None:
    """In a pipe with `duplex=True`, the default, catch `ConnectionResetError` as well: on Linux
    `recv()` raises that error if the end that was closed has not read everything.
    """
    from inspect import signature

    shown(
        "pipe", "= Pipe()\nto_clerk.send(", "(EOFError, ConnectionResetError)", "#> ConnectionReset"
    )
    assert signature(Pipe).parameters["duplex"].default is True


def what_was_not_passed() -> None:
    """Whether a child has further copies depends on the start method. `fork` copies the parent
    with everything that is open in it, so the child also has the ends that you did not pass to
    it. Under `spawn` and `forkserver` a child has only the ends that you passed to it, but a
    program that the child starts with `os.system` or `os.spawnv` inherits them, too.

    With several children and a `Pipe` for each, a child that is started later under `fork`
    has copies of all ends that the parent still has open.
    """
    with Pool(1, maxtasksperchild=2) as pool:
        receiver, sender = Pipe(duplex=False)
        assert len({pool.apply(os.getpid) for _ in range(3)}) == 2
        sender.close()
        assert receiver.poll(0.1) == (get_start_method() != "fork")
    pool.join()
    with raises(EOFError):
        receiver.recv()
    receiver.close()
    receiver, sender = Pipe(duplex=False)
    child = Process(target=_start_program, args=(sender,))
    child.start()
    sender.close()
    program = receiver.recv()
    child.join()
    is_fork = get_start_method() == "fork"
    try:
        assert receiver.poll(TIME_LIMIT if is_fork else 0.1) == is_fork
    finally:
        os.kill(program, signal.SIGKILL)
    with raises(EOFError):
        receiver.recv()
    receiver.close()


def the_server_of_a_manager() -> None:
    """The server of a `Manager` is such a child, too, and so is a worker that a `Pool` starts to
    replace one that has ended.
    """
    if get_start_method() != "fork":
        return
    receiver, sender = Pipe(duplex=False)
    with Manager():
        sender.close()
        assert not receiver.poll(0.1)
    with raises(EOFError):
        receiver.recv()
    receiver.close()


def one_line_more() -> None:
    """Add one line, `sender.close()`, after `start()`:"""
    shown("pipe-no-eof/end_closed", "sensor.start()\n    sender.close()\n")


def too_early() -> None:
    """Before `start()` it is too early: `start()` then raises `OSError` ("handle is closed"), and
    under `fork` the child does, when it uses its end.
    """
    receiver, sender = Pipe(duplex=False)
    sender.close()
    if get_start_method() == "fork":
        to_parent, from_child = Pipe(duplex=False)
        child = Process(target=_try_to_send, args=(sender, from_child))
        child.start()
        assert to_parent.recv() == "handle is closed"
        child.join()
    else:
        with raises(OSError, text="handle is closed"):
            Process(target=_try_to_send, args=(sender, sender)).start()
    receiver.close()


def kept_on_windows() -> None:
    """If the child fails before that, for example because it does not find its target, `recv()`
    waits forever.
    """
    of_windows, _, _ = Path(reduction.__file__).read_text("utf-8").partition("# Unix")
    duplicates, steals = of_windows.partition("class DupHandle")[2].split("def detach")
    assert "_winapi.GetCurrentProcess()" in duplicates and "CLOSE_SOURCE" not in duplicates
    assert "DUPLICATE_CLOSE_SOURCE" in steals and "__del__" not in of_windows
    pickled = list(vars(Process(target=int)))
    assert pickled.index("_target") < pickled.index("_args")


def ask_the_process_too() -> None:
    """Where that can happen, do not call `recv()` before `poll(timeout)` has returned `True`, and
    give up when the process has ended and `poll()` then returns `False`. With several pipes, give
    `wait` a limit.
    """
    receiver, sender = Pipe(duplex=False)
    with receiver, sender:  # an end is kept, as on Windows
        child = Process(target=int)
        child.start()
        child.join()
        assert not receiver.poll()
        assert wait([receiver], 0.1) == []


def _try_to_send(sender: Connection, to_parent: Connection) -> None:
    try:
        sender.send(1)
    except OSError as error:
        to_parent.send(str(error))


def the_child_sends() -> None:
    """If the parent closes its end early, or is killed, `send()` in the child raises
    `BrokenPipeError`. Under `fork`, that needs one more line: without it, the child has a copy of
    the receiving end, too, and `send()` waits forever when the pipe is full. Pass both ends to the
    child, and let it close that copy.
    """
    program = "pipe-no-eof/end_closed"
    early = ("            while True:\n", "            for _ in range(1):\n")
    many = ("    with sender:\n", "    with sender:\n        sender.send(bytes(5_000_000))\n")
    received = ('"Received", receiver.recv())', '"closing", receiver.poll(None), flush=True)')
    copy = ("def measure(sender):\n", "def measure(sender, receiver):\n    receiver.close()\n")
    both = ("args=(sender,)", "args=(sender, receiver)")
    code = changed(program, early, many, received)
    if get_start_method() == "fork":
        assert script(code, hangs_after="closing").status is None
    else:
        assert "BrokenPipeError" in script(code).stderr
    outcome = script(changed(program, early, many, received, copy, both))
    assert outcome.status == 0
    assert "BrokenPipeError" in outcome.stderr


def under_fork_only() -> None:
    """In this program the parent sends and the child receives. The parent closes both ends as it
    should. But under `fork` the child has a copy of the sending end, which was made when the
    child was started.
    """
    shown("pipe-no-eof/child_waits", "receiver.close()\n    with sender:", "sender.send(")
    shown("pipe-no-eof/child_waits", "still running after 5 s", "frame 1\nNo more frames")


def close_before_the_next_start() -> None:
    """If the children send, close each sending end in the parent before you start the next
    child, and let each child close the receiving ends that exist by then.

    If the sender can fail or be killed before it has sent its `None`, close the ends in both
    processes as well.
    """
    receiver, sender = Pipe(duplex=False)
    never = Event()
    first = _copies(sender, never)
    sender.close()
    later = Process(target=_wait, args=(end := Event(),))
    later.start()
    receiver.recv()
    first.kill()
    first.join()
    with raises(EOFError):
        receiver.recv()
    _stop(end, later)
    receiver.close()


def the_parent_has_to_keep_them() -> None:
    """If the parent sends, it has to keep its ends open, so send a sentinel instead, as below."""
    no_fact("advice")


def none_ends_it() -> None:
    """A sentinel works whichever process holds a copy of an end. Here it is `None`, and the
    receiver stops when it receives it:
    """
    shown("pipe-no-eof/none_as_end", "args=(receiver,)", "is not None", "No more frames")
    shown("pipe-no-eof/none_as_end", "sender.send(None)", "Output\n")


def killed_in_the_middle_of_an_item() -> None:
    """On Linux and macOS, if the sender is killed in the middle of an item, `recv()` can raise
    `OSError` ("got end of file during message") instead of `EOFError`.
    """
    if sys.platform == "win32":
        return
    receiver, sender = Pipe(duplex=False)
    never = Event()
    child = Process(target=_send_and_wait, args=(sender, 1_000_000, never))
    child.start()
    sender.close()
    assert receiver.poll(TIME_LIMIT)
    while _to_read(receiver) <= 4:  # the length, without any of the item
        sleep(PAUSE)
    child.kill()
    child.join()
    with raises(OSError, text="got end of file during message"):
        receiver.recv()
    receiver.close()


def _to_read(receiver: Connection) -> int:
    """How many bytes can be read."""
    from fcntl import ioctl
    from termios import FIONREAD

    (count,) = struct.unpack("i", ioctl(receiver.fileno(), FIONREAD, bytes(4)))
    assert isinstance(count, int)
    return count
