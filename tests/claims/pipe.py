"""What docs/syntax/pipe.md says."""

import multiprocessing
import os
import pickle
import signal
import sys
from array import array
from functools import partial
from multiprocessing import BufferTooShort, Pipe, Process, get_start_method
from multiprocessing.connection import Connection, wait
from multiprocessing.synchronize import Event as EventType
from threading import Thread, current_thread, main_thread
from threading import enumerate as enumerate_threads
from time import sleep
from typing import Any

from tests.claims import PAUSE, SURE, no_fact, raises, shown
from tests.claims._recorders import PickledItem
from tests.claims._until import is_in, until


def _wait(end: EventType) -> None:
    end.wait()


def _send_and_wait(sender: Connection, end: EventType) -> None:
    sender.send(1)
    end.wait()


def _send_and_die(sender: Connection) -> None:
    sender.send(1)
    os._exit(3)


def _received(receiver: Connection, raised: list[type[Exception]]) -> None:
    try:
        receiver.recv()
    except (EOFError, OSError, TypeError) as error:
        raised.append(type(error))


def _send_half(sender: Connection) -> None:
    """As a sender does that stops in the middle of an object."""
    os.write(sender.fileno(), b"\0\0")


def _send_connection(sender: Connection) -> None:
    sender.send(sender)


def _send_alone(connection: Connection, closed: EventType) -> None:
    """As a worker whose parent has closed both ends: exit code 1 if `send` notices that."""
    closed.wait()
    sys.exit(_is_broken(connection))


def _is_broken(end: Connection) -> bool:
    """Whether `send` says so. The error is not kept: Python 3.12.1 may crash on its traceback."""
    try:
        end.send(2)
    except BrokenPipeError:
        return True
    return False


def two_processes() -> None:
    """A `Pipe` connects two processes, and each of its two ends is a `Connection` with `send` and
    `recv`. Use it if one process exchanges messages with one other, for example to send a
    request and get a reply.

    Each process has one end: the parent keeps `to_clerk`, and the worker gets `to_parent`. After
    `start()` the parent closes its copy of the worker's end. Here `None` is the sentinel, at
    which the worker ends.
    """
    shown("pipe/smallest", "args=(to_parent,)", "clerk.start()\n    to_parent.close()")
    shown("pipe/smallest", "connection.recv()) is not None", "to_clerk.send(None)")
    shown("pipe/smallest", "connection.send(PRICES[item])", "to_clerk.recv()", "pear 4\napple 3")


def the_call() -> None:
    """`Pipe(duplex=True)` returns two ends.

    `duplex=True` | both ends can send and receive
    """
    one, other = Pipe()
    for sender, receiver in ((one, other), (other, one)):
        sender.send("hello")
        assert receiver.recv() == "hello"
    one.close()
    other.close()


def one_way() -> None:
    """`duplex=False` | the pipe is one-way: the first end can only receive, the second can only
    send

    `readable`, `writable` | whether this end can receive, and whether it can send
    """
    shown("pipe", "#> OSError: connection is read-only", "#> OSError: connection is write-only")
    receiver, sender = Pipe(duplex=False)
    assert (receiver.readable, receiver.writable) == (True, False)
    assert (sender.readable, sender.writable) == (False, True)
    receiver.close()
    sender.close()


def send() -> None:
    """`send(obj)` | sends an object; waits while the pipe is full

    When the buffer is full, `send` waits until the other end reads. So `send` returns at once
    while there is room for the object, and waits if the object is too big:
    """
    shown("pipe/full", "Still sending: True\nReceived 1000000 bytes\nStill sending: False")
    receiver, sender = Pipe(duplex=False)
    sender.send("small")
    assert receiver.recv() == "small"
    receiver.close()
    sender.close()


def recv() -> None:
    """`recv()` | waits for an object and returns it; raises `EOFError` if the other end is closed
    and nothing is left
    """
    receiver, sender = Pipe(duplex=False)
    shown("pipe-no-eof/end_kept_open", "still running after 5 s", "recv()")
    sender.send("last")
    sender.close()
    assert receiver.recv() == "last"
    with raises(EOFError):
        receiver.recv()
    receiver.close()


def poll() -> None:
    """`poll(timeout=0.0)` | `True` if there is something to read, or the end of the pipe; waits
    `timeout` seconds at most, and with `None` without a limit
    """
    shown("pipe", "print(receiver.poll(0.1))\n#> False", "#> True ready", "#> the end")
    receiver, sender = Pipe(duplex=False)
    assert not receiver.poll()
    answers: list[bool] = []
    reader = Thread(target=lambda: answers.append(receiver.poll(None)))
    reader.start()
    reader.join(SURE)
    assert reader.is_alive()
    sender.send("ready")
    reader.join()
    assert answers == [True]
    receiver.close()
    sender.close()


def poll_at_the_end() -> None:
    """`poll()` also returns `True` at the end of the pipe, where `recv()` raises `EOFError` without
    waiting. So put both calls into one `try`, and catch `OSError`, too.
    """
    shown("pipe", "receiver.poll(0.1), receiver.recv())\nexcept (EOFError, OSError):")
    receiver, sender = Pipe(duplex=False)
    sender.close()
    if sys.platform == "win32":
        with raises(BrokenPipeError):
            receiver.poll()
    else:
        assert receiver.poll()
    with raises(EOFError):
        receiver.recv()
    receiver.close()


def send_bytes() -> None:
    """`send_bytes(buf, offset=0, size=None)` | sends bytes, or `size` of them from `offset` on, as
    one message

    `recv_bytes(maxlength=None)` | receives one such message

    `send_bytes` accepts `bytes`, a `bytearray`, an `array` or a `memoryview`. Each call sends one
    message, and one call of `recv_bytes` receives one.
    """
    receiver, sender = Pipe(duplex=False)
    sender.send_bytes(b"frame 1", 2, 3)
    for buffer in (b"12", bytearray(b"12"), array("b", b"12"), memoryview(b"12")):
        sender.send_bytes(buffer)
    assert receiver.recv_bytes() == b"ame"
    assert [receiver.recv_bytes() for _ in range(4)] == [b"12"] * 4
    receiver.close()
    sender.close()


def recv_bytes_into() -> None:
    """`recv_bytes_into(buf, offset=0)` | the same, into an existing `bytearray` or array; returns
    the number of bytes
    """
    receiver, sender = Pipe(duplex=False)
    sender.send_bytes(b"12")
    sender.send_bytes(b"345")
    frame, numbers = bytearray(4), array("b", bytes(4))
    assert receiver.recv_bytes_into(frame, 1) == 2
    assert receiver.recv_bytes_into(numbers) == 3
    assert bytes(frame) == b"\x0012\0"
    assert bytes(numbers) == b"345\0"
    receiver.close()
    sender.close()


def close() -> None:
    """`close()` | closes this end in this process; a `with` block does the same at its end

    `closed` | whether this end is closed in this process

    If your own end is closed, by `close()` or at the end of a `with` block, `send`, `recv` and
    `poll` raise `OSError`:
    """
    shown("pipe", "with sender:", "#> OSError: handle is closed")
    receiver, sender = Pipe(duplex=False)
    assert not sender.closed
    with sender:
        pass
    receiver.close()
    assert sender.closed
    assert receiver.closed
    with raises(OSError, text="handle is closed"):
        sender.send(1)
    with raises(OSError, text="handle is closed"):
        receiver.recv()
    with raises(OSError, text="handle is closed"):
        receiver.poll()


def closed_while_it_waits() -> None:
    """On Linux, a `recv` that already waits in another thread is not ended by this: it goes on
    waiting, and the next message is lost. To end such a thread, send a sentinel, or close every
    copy of the other end.
    """
    if sys.platform != "linux":
        return
    for duplex in (False, True):
        for last, error in {"lost": TypeError, "": EOFError}.items():
            receiver, sender = Pipe(duplex)
            raised: list[type[Exception]] = []
            reader = Thread(target=_received, args=(receiver, raised))
            reader.start()
            assert until(partial(is_in, reader, "_recv"))
            reader.join(SURE)  # from there to the system's own call
            receiver.close()
            reader.join(SURE)
            assert reader.is_alive()
            if last:
                sender.send(last)
            sender.close()
            reader.join()
            assert raised == [error]


def fileno() -> None:
    """`fileno()` | the handle of this end, a number"""
    receiver, sender = Pipe(duplex=False)
    assert isinstance(receiver.fileno(), int)
    assert receiver.fileno() != sender.fileno()
    receiver.close()
    sender.close()


def no_timeout() -> None:
    """`recv` has no `timeout`, so call `poll(timeout)` first."""
    from inspect import signature

    assert not signature(Connection.recv).parameters.keys() - {"self"}
    assert "timeout" in signature(Connection.poll).parameters


def half_an_object() -> None:
    """If the sender stops in the middle of an object, `recv` can wait even after `poll` has
    returned `True`.
    """
    if sys.platform == "win32":
        return  # there a part of a message is not to be had
    receiver, sender = Pipe(duplex=False)
    _send_half(sender)
    assert receiver.poll()
    received: list[object] = []
    reader = Thread(target=lambda: received.append(receiver.recv()))
    reader.start()
    reader.join(SURE)
    assert reader.is_alive()
    message = pickle.dumps("all")
    os.write(sender.fileno(), bytes([0, len(message)]) + message)
    reader.join()
    assert received == ["all"]
    receiver.close()
    sender.close()


def the_end_of_a_sender() -> None:
    """No sentinel is needed if the sender closes its end, or ends itself: when every copy of the
    sending end is closed, `recv()` raises `EOFError`. So the parent has to close its own copy,
    right after `start()`.
    """
    shown("pipe/read_to_the_end", "sensor.start()\n    sender.close()", "has closed its end")
    receiver, sender = Pipe(duplex=False)
    child = Process(target=_send_and_die, args=(sender,))
    child.start()
    sender.close()
    assert receiver.recv() == 1
    with raises(EOFError):
        receiver.recv()
    child.join()
    receiver.close()


def the_copy_of_the_parent() -> None:
    """Without that line the parent waits forever.

    `recv()` raises no `EOFError`, because the parent still holds the worker's end.
    """
    shown("pipe-no-eof/end_kept_open", "still running after 5 s")


def reset() -> None:
    """In a pipe with `duplex=True`, the end that was closed may not have read everything. Then
    `recv()` on Linux raises `ConnectionResetError` (connection reset by peer) instead of
    `EOFError`, so catch both:
    """
    shown("pipe", "except (EOFError, ConnectionResetError) as error", "#> ConnectionResetError")


def broken_pipe() -> None:
    """If every copy of the other end is closed, `send` raises `BrokenPipeError` (broken pipe)."""
    shown("pipe", "except BrokenPipeError", "#> BrokenPipeError")
    for read_everything in (True, False):
        one, other = Pipe()
        one.send(1)
        if read_everything:
            other.recv()
        other.close()
        assert _is_broken(one)
        one.close()


def broken_while_it_waits() -> None:
    """On Linux, a `send` that already waits for room, in a pipe with `duplex=True`, can raise
    `ConnectionResetError` instead:
    """
    pause = PAUSE
    while sys.platform == "linux":  # until the thread has waited before the end is closed
        one, other = Pipe()
        errors: list[str] = []
        sender = Thread(target=_send_until_closed, args=(one, errors))
        sender.start()
        other.poll(None)
        sleep(pause)
        other.close()
        sender.join()
        one.close()
        if errors == ["ConnectionResetError"]:
            return
        assert errors == ["BrokenPipeError"]
        pause = min(2 * pause, SURE)


def _send_until_closed(end: Connection, errors: list[str]) -> None:
    try:
        while True:
            end.send(bytes(10_000))
    except OSError as error:
        errors.append(type(error).__name__)


def wait_for_several() -> None:
    """`wait(object_list, timeout=None)` from `multiprocessing.connection` waits until at least one
    of the connections in a list has something to read, or has come to its end, and returns a list
    of those; after `timeout` seconds, it returns an empty list.

    The list may also contain the `sentinel` of a `Process`, which is ready when the process has
    ended.
    """
    shown("process/wait_for_both", "wait([*sensors, *receivers])", "sensor.sentinel")
    pipes = [Pipe(duplex=False) for _ in range(3)]
    receivers = [receiver for receiver, _ in pipes]
    assert wait(receivers, timeout=0.1) == []
    pipes[0][1].send("ready")
    pipes[2][1].close()
    assert set(wait(receivers)) == {receivers[0], receivers[2]}
    for receiver, sender in pipes:
        receiver.close()
        sender.close()


def a_pipe_each() -> None:
    """In this program each worker has a pipe of its own, and the parent reads from every pipe
    that is ready. The order in which the readings of different sensors arrive depends on timing,
    so the parent sorts them.

    Give each worker a pipe of its own, or use a SimpleQueue, which is a pipe with locks.
    """
    shown("pipe/wait_for_several", "for receiver in wait(receivers)", "sorted(received)")
    shown("pipe/wait_for_several", "Pipe(duplex=False)\n        sensor = Process", "('hall', 20)")
    shown("simple-queue/several_workers", "Packed: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]")


def what_can_be_sent() -> None:
    """`send` accepts any object that can be pickled, and what arrives is a copy. For an object
    that cannot be pickled, `send` raises the error, and the pipe can still be used.
    """
    shown("pipe", "except TypeError as error", "cannot pickle '_thread.lock'", "{'order': 7}")
    receiver, sender = Pipe(duplex=False)
    order = {"order": [7]}
    sender.send(order)
    arrived = receiver.recv()
    assert arrived == order
    assert arrived is not order
    receiver.close()
    sender.close()


def a_connection_of_a_sender_that_ended() -> None:
    """The receiver gets it from the process of the sender, so `recv` raises an `OSError` such as
    `FileNotFoundError` if the sender has already ended.
    """
    receiver, sender = Pipe(duplex=False)
    child = Process(target=_send_connection, args=(sender,))
    child.start()
    sender.close()
    child.join()
    with raises(OSError):
        receiver.recv()
    receiver.close()


def a_queue_raises_nothing() -> None:
    """The `put` of a `Queue` raises nothing in that case."""
    shown("unpicklable-item/item_lost", "Traceback (most recent call last)")


def several_dimensions() -> None:
    """For an array with several dimensions, such as an image, with elements of more than one byte,
    or with gaps, such as `samples[::2]`, pass `memoryview(array).cast("B")` to `send_bytes` and
    `recv_bytes_into`. Without the cast, `send_bytes` corrupts the pipe, and raises no error, if an
    array of bytes has several dimensions.
    """
    image = memoryview(bytearray(b"abcdef")).cast("B", (2, 3))
    receiver, sender = Pipe(duplex=False)
    sender.send_bytes(memoryview(image).cast("B"))
    assert receiver.recv_bytes_into(memoryview(image).cast("B")) == 6
    assert bytes(image) == b"abcdef"
    if sys.platform != "win32":
        sender.send_bytes(image)
        sender.send_bytes(b"next")
        assert receiver.recv_bytes() == b"ab"
        sender.close()
        with raises(OSError, text="got end of file during message"):
            receiver.recv_bytes()
    receiver.close()
    sender.close()


def no_cast_of_a_part() -> None:
    """The cast raises `TypeError` if the elements do not lie one after the other in C order, as in
    a part of an image or in its transpose: send a copy, `part.copy()`. It also raises `TypeError`
    for an image with no elements.
    """
    import numpy as np

    with raises(TypeError, text="contiguous"):
        memoryview(array("h", [1, 2, 3, 4]))[::2].cast("B")
    image: Any = np.arange(12, dtype=np.uint8).reshape(3, 4)
    for part in (image[:, :2], image.T):
        with raises(TypeError, text="C-contiguous"):
            memoryview(part).cast("B")
        assert memoryview(part.copy()).cast("B").tobytes() == part.tobytes()
    with raises(TypeError, text="zeros in shape"):
        memoryview(image[:0]).cast("B")


def bytes_with_gaps() -> None:
    """If it has gaps, `send_bytes` raises an error; on Linux and macOS, if the array is longer than
    16 KiB, it raises `BufferError` after a part of the message is in the pipe, so close the pipe
    then.
    """
    receiver, sender = Pipe(duplex=False)
    kib_16 = memoryview(bytes(2 * 16384))[::2]
    longer = memoryview(bytes(2 * 16384 + 2))[::2]
    with raises(TypeError, BufferError):
        sender.send_bytes(kib_16)
    assert not receiver.poll()
    if sys.platform != "win32":
        with raises(BufferError):
            sender.send_bytes(longer)
        assert receiver.poll()
        sender.send_bytes(b"next")
        sender.close()
        with raises(OSError, text="got end of file during message"):
            receiver.recv_bytes()
    receiver.close()
    sender.close()


def into_several_dimensions() -> None:
    """`recv_bytes_into` can raise `BufferTooShort` although the message would fit into such an
    array, and drops the end of a message that ends within an element.
    """
    receiver, sender = Pipe(duplex=False)
    sender.send_bytes(b"abcdef")
    with raises(BufferTooShort):
        receiver.recv_bytes_into(memoryview(bytearray(6)).cast("B", (2, 3)))
    for flat, received in ((False, b"ab\0\0"), (True, b"abc\0")):
        numbers = array("h", [0, 0])
        sender.send_bytes(b"abc")
        place = memoryview(numbers).cast("B") if flat else numbers
        assert receiver.recv_bytes_into(place) == 3
        assert numbers.tobytes() == received
    receiver.close()
    sender.close()


def too_long() -> None:
    """With a `maxlength`, `recv_bytes` raises `OSError` for a longer message, and after that this
    end can no longer receive. For a message that is too long for the buffer, `recv_bytes_into`
    raises `BufferTooShort`, which has the whole message in `args[0]`, and the pipe can still be
    used.
    """
    shown("pipe", "error.args[0]", "#> b'a frame that is too long'", "#> OSError: bad message")
    for duplex in (True, False):
        receiver, sender = Pipe(duplex)
        sender.send_bytes(b"long")
        with raises(BufferTooShort):
            receiver.recv_bytes_into(bytearray(3))
        sender.send_bytes(b"long")
        with raises(OSError, text="bad message length"):
            receiver.recv_bytes(3)
        with raises(OSError, text="connection is write-only" if duplex else "handle is closed"):
            receiver.recv_bytes()
        receiver.close()
        sender.close()


def its_base_class() -> None:
    """Its base class is `multiprocessing.ProcessError`, which is also that of
    `multiprocessing.TimeoutError` and `AuthenticationError`.
    """
    errors = (BufferTooShort, multiprocessing.TimeoutError, multiprocessing.AuthenticationError)
    assert [error.__bases__ for error in errors] == [(multiprocessing.ProcessError,)] * 3


def one_pair() -> None:
    """`recv()` unpickles whatever arrives, also a message from `send_bytes`. So use `recv` only
    for what was sent by `send`, and `recv_bytes` for what was sent by `send_bytes`.
    """
    receiver, sender = Pipe(duplex=False)
    sender.send_bytes(pickle.dumps([1, 2]))
    assert receiver.recv() == [1, 2]
    sender.send_bytes(b"no pickle")
    with raises(pickle.UnpicklingError):
        receiver.recv()
    receiver.close()
    sender.close()


def no_feeder_thread() -> None:
    """`send` pickles the object and writes the bytes to the buffer of the operating system itself,
    in the thread that calls it: there is no feeder thread as in a Queue.
    """
    threads: list[str] = []
    before = set(enumerate_threads())
    receiver, sender = Pipe(duplex=False)
    sender.send(PickledItem(threads))
    assert threads == [current_thread().name]
    assert not set(enumerate_threads()) - before
    assert receiver.poll()
    assert receiver.recv() == 7
    receiver.close()
    sender.close()


def recv_before_join() -> None:
    """So call `recv()` before `join()`, as with a queue.

    `join()` before `recv()` hangs if the object does not fit into the pipe.
    """
    shown("pipe/full", "camera.join(timeout=1)", "Still sending: True\nReceived 1000000 bytes")
    shown("queue-deadlock/join_first", "still running after 5 s")


def both_send_first() -> None:
    """If both ends send an object that is too big for the buffer before either receives, both
    wait forever:

    If both ends send a big object first, both wait forever.
    """
    shown("pipe/both_send", "still running after 5 s", "connection.send(bytes(1_000_000))")


def one_receives_first() -> None:
    """The fix: one of them receives first. Here it is the lab:"""
    shown("pipe/one_receives_first", "connection.recv()\n        connection.send(")
    shown("pipe/one_receives_first", "Output\nSending", "Received 1000000 bytes")


def corrupted() -> None:
    """If two processes use the same end at the same time, the data may become corrupted."""
    if sys.platform == "win32":
        return  # there a part of a message is not to be had
    receiver, sender = Pipe(duplex=False)
    sender.send_bytes(b"a")
    sender.send_bytes(b"b")
    assert len(os.read(receiver.fileno(), 4)) == 4  # the length, as another reader may get it
    sender.close()
    with raises(OSError, text="got end of file during message"):
        receiver.recv_bytes()
    receiver.close()


def interrupted() -> None:
    """If Ctrl-C or a signal handler raises an exception during `send` or `recv`, a part of the
    message may be lost, and the next message may be corrupted. Close the
    pipe then.
    """
    if sys.platform == "win32":
        return  # there a part of a message is not to be had
    receiver, sender = Pipe(duplex=False)

    def interrupt() -> None:
        os.write(sender.fileno(), b"\0\0\0\2a")  # the length, and half of the message
        while receiver.poll():
            sleep(PAUSE)
        signal.pthread_kill(main_thread().ident or 0, signal.SIGINT)

    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    thread = Thread(target=interrupt)
    with raises(KeyboardInterrupt):
        thread.start()
        receiver.recv_bytes()
    signal.signal(signal.SIGINT, handler)
    thread.join()
    os.write(sender.fileno(), b"b")
    sender.send_bytes(b"next")
    sender.close()
    with raises(OSError, text="got end of file during message"):
        receiver.recv_bytes()
    receiver.close()


def every_message() -> None:
    """This program causes the errors of the methods for bytes, for a wrong type, size or offset,
    and that of `recv()` for a message from `send_bytes`.
    """
    shown("pipe/every_message", "text: TypeError: ", "size -1: ValueError: size is negative")
    shown("pipe/every_message", "at 4: ValueError: offset too large", "recv(): UnpicklingError: ")


def the_same_error_for_two_readers() -> None:
    """If two processes read from the same end at the same time, `recv()` can raise that error,
    too.
    """
    if sys.platform == "win32":
        return  # there a part of a message is not to be had
    receiver, sender = Pipe(duplex=False)
    sender.send_bytes(b"\0\0\0\1\1")
    os.read(receiver.fileno(), 4)  # the length, as another reader may get it
    with raises(pickle.UnpicklingError, text="invalid load key"):
        receiver.recv()
    receiver.close()
    sender.close()


def killed_between_two_messages() -> None:
    """If the sender is killed between two messages, and no other copy of the sending end is open,
    `recv()` raises `EOFError`.
    """
    receiver, sender = Pipe(duplex=False)
    never = multiprocessing.Event()
    child = Process(target=_send_and_wait, args=(sender, never))
    child.start()
    sender.close()
    assert receiver.recv() == 1
    child.kill()
    child.join()
    with raises(EOFError):
        receiver.recv()
    receiver.close()


def killed_in_the_middle() -> None:
    """If it is killed in the middle of a message, `recv()` on Linux and macOS can raise `OSError`
    instead:
    """
    shown("pipe/killed_while_sending", "bytes(1_000_000)", "worker.kill()")
    shown("pipe/killed_while_sending", "OSError: got end of file during message")


def under_every_start_method() -> None:
    """The programs on this page print the same under every start method: `fork`, `forkserver`
    and `spawn`.
    """
    shown("pipe/smallest", "Output\npear 4")
    shown("pipe/read_to_the_end", "Output\nReceived 19.5")
    shown("pipe/wait_for_several", "Output\n('attic', 19)")
    shown("pipe/full", "Output\nStill sending: True")
    shown("pipe/both_send", "Output, still running after 5 s\nSending")
    shown("pipe/one_receives_first", "Output\nSending")
    shown("pipe/every_message", "Output\ntext")
    shown("pipe/killed_while_sending", "Output, on Linux and macOS\nOSError")


def under_fork() -> None:
    """But under `fork` a child has a copy of every end that is open in the parent when it starts,
    also of those that were not passed to it.
    """
    receiver, sender = Pipe(duplex=False)
    child = Process(target=_wait, args=(end := multiprocessing.Event(),))
    child.start()
    sender.close()
    assert receiver.poll(0.1) == (get_start_method() != "fork")
    end.set()
    child.join()
    with raises(EOFError):
        receiver.recv()
    receiver.close()


def under_fork_both_ends() -> None:
    """As long as such a copy of the sending end is open, `recv()` does not raise `EOFError`, and
    with a copy of the receiving end open, `send` raises no `BrokenPipeError`.
    """
    to_child, to_parent = Pipe()
    child = Process(target=_send_alone, args=(to_parent, closed := multiprocessing.Event()))
    child.start()
    to_child.close()
    to_parent.close()
    closed.set()
    child.join()
    assert child.exitcode == (0 if get_start_method() == "fork" else 1)


def end_it_with_none() -> None:
    """So end a worker that receives with `None`, as the first program does. If the parent raises
    an exception before it sends `None`, that worker keeps the program from ending under `fork`:
    send `None` in a `finally` block, or make the worker a daemon.
    """
    shown("pipe/smallest", "recv()) is not None", "to_clerk.send(None)", "Output\npear 4")
    shown("pipe-no-eof/child_waits", "with sender:", "fork", "Output, still running after 5 s")
    shown("process/at_the_end", "daemon=True")


def several_senders() -> None:
    """For several senders or receivers: Queue or SimpleQueue."""
    shown("queue/several_workers", "range(3)", "Packed: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]")
    shown("simple-queue/several_workers", "range(3)", "Packed: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]")


def two_programs() -> None:
    """For two programs that are started separately: Two scripts, with `Listener` and `Client`."""
    shown("two-scripts/server", "Listener(")
    shown("two-scripts/client", "Client(")


def big_arrays() -> None:
    """For big arrays: SharedMemory, with only the message that they are ready sent through the
    pipe.
    """
    shown("shared-memory/smallest", "SharedMemory(create=True", "name")
    shown("pipe/smallest", "to_clerk.send(item)", "Output\n")


def _fail(to_parent: Connection, reads: bool) -> None:
    if reads:
        to_parent.recv()
    os._exit(3)


def if_the_worker_fails() -> None:
    """If the worker fails, `recv()` raises `EOFError` in the parent (on Windows, not always), or
    `ConnectionResetError` on Linux if the worker had not read the request; `send()` can raise
    `BrokenPipeError`. So in the parent, catch `(EOFError, OSError)`.
    """
    for reads in (True, False):
        to_clerk, to_parent = Pipe()
        to_clerk.send("pear")
        clerk = Process(target=_fail, args=(to_parent, reads))
        clerk.start()
        to_parent.close()
        is_reset = not reads and sys.platform == "linux"
        with raises(ConnectionResetError if is_reset else EOFError):
            to_clerk.recv()
        clerk.join()
        assert _is_broken(to_clerk)
        to_clerk.close()
    assert issubclass(BrokenPipeError, OSError)
    assert issubclass(ConnectionResetError, OSError)


def what_becomes_of_it() -> None:
    """There is an error because no other process holds the worker's end: that is why the parent
    closes its copy of this end after `start()`.

    This is what becomes of the first program of this page if a fault is put in:
    """
    shown(
        "pipe/smallest",
        "If something fails",
        "a worker is killed            status 1, told",
        "to_parent.close()",
    )


def of_a_pool() -> None:
    """`BrokenPipeError` from `put((job, i, result))` is not about a pipe of yours: the parent of a
    `Pool` was killed, or ended by `os._exit()`.
    """
    from tests.claims import ctrl_c

    if told := ctrl_c._result_for_nobody():
        assert "put((job, i, result))" in told
        assert told.endswith("BrokenPipeError: [Errno 32] Broken pipe\n")


def the_cause_is_elsewhere() -> None:
    """Either error says only that the other process has closed its end, or has ended. The cause is
    in that process: look for its traceback above the error, and after `join()` at its `exitcode`.
    """
    no_fact("what a closed end says; advice")


def a_signal() -> None:
    """If that is negative, a signal has ended the process: -9 without a `kill()` of yours usually
    means that memory ran out.
    """
    shown("killed-worker/exit_code", "camera.kill()", "Exit code -9")


def without_a_process() -> None:
    """If a library has started the workers, such as one that runs a simulation in each, make one of
    its environments in a small program without any process: what ends a worker then ends this
    program, and its message is the last one.
    """
    no_fact("advice")


def closed_by_its_number() -> None:
    """`OSError: [Errno 9] Bad file descriptor` in `send` or `recv`: other code has closed the file
    of this end by its number. Below `Pool.__del__` or the `close()` of a pool, it means that the
    pool was closed too late.
    """
    receiver, sender = Pipe(duplex=False)
    for end, call in (sender, lambda: sender.send(1)), (receiver, receiver.recv):
        os.close(end.fileno())
        with raises(OSError, text="[Errno 9] Bad file descriptor"):
            call()
        with raises(OSError, text="[Errno 9] Bad file descriptor"):
            end.close()
