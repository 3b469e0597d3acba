"""Send a message there and back: each way, as it is measured."""

import os
import threading
from contextlib import contextmanager
from multiprocessing import (
    JoinableQueue,
    Manager,
    Pipe,
    Process,
    Queue,
    SimpleQueue,
)
from multiprocessing.connection import Client, Listener

from _case import CannotMeasure, Group

GROUP = Group("messages", [1, 1 << 10, 1 << 16, 1 << 20, 1 << 26])


def echo(receive, send):
    """Send back what comes, until that is None."""
    while (message := receive()) is not None:
        send(message)


def round_trips(send, receive, size):
    """A message of `size` bytes goes to the echo and back."""
    message, came_back = bytes(size), []

    def run(loops):
        for _ in range(loops):
            send(message)
            came_back[:] = [receive()]

    return run, lambda: f"{len(came_back[0])} bytes came back"


@contextmanager
def echoing(inbox, outbox):
    """A process that sends back through `outbox` what `inbox` has."""
    process = Process(target=echo, args=(inbox.get, outbox.put))
    process.start()
    yield
    inbox.put(None)
    process.join()


def raw_echo(reader, writer, size):
    """Send back messages of `size` bytes, until it is terminated."""
    message = bytes(size)
    while read_all(reader.fileno(), size):
        write_all(writer.fileno(), message)


def read_all(file, size):
    """Read `size` bytes, a pipeful at a time; whether there were."""
    while size and (part := os.read(file, min(size, 65_536))):
        size -= len(part)
    return size == 0


def write_all(file, message):
    """Write the whole message."""
    rest = memoryview(message)
    while rest:
        rest = rest[os.write(file, rest) :]


@GROUP.case("os.write and os.read on a pipe", baseline=True)
def bare_pipe(size):
    if os.name == "nt":
        raise CannotMeasure("pipes have no file numbers on Windows")
    child_reader, writer = Pipe(duplex=False)
    reader, child_writer = Pipe(duplex=False)
    arguments = child_reader, child_writer, size
    process = Process(target=raw_echo, args=arguments)
    with writer, reader:
        with child_reader, child_writer:
            process.start()
        message, complete = bytes(size), []

        def run(loops):
            for _ in range(loops):
                write_all(writer.fileno(), message)
                complete[:] = [read_all(reader.fileno(), size)]

        yield run, lambda: f"{size * complete[0]} bytes came back"
        process.terminate()
        process.join()


@GROUP.case("Pipe")
def pipe(size):
    ours, theirs = Pipe()
    process = Process(target=echo, args=(theirs.recv, theirs.send))
    with ours:
        with theirs:
            process.start()
        yield round_trips(ours.send, ours.recv, size)
        ours.send(None)
        process.join()


@GROUP.case("SimpleQueue")
def simple_queue(size):
    there, back = SimpleQueue(), SimpleQueue()
    with echoing(there, back):
        yield round_trips(there.put, back.get, size)
    there.close()
    back.close()


@GROUP.case("Queue")
def queue(size):
    there, back = Queue(), Queue()
    with echoing(there, back):
        yield round_trips(there.put, back.get, size)
    there.close()
    there.join_thread()


def echo_and_confirm(inbox, outbox):
    """The echo of a JoinableQueue: each item is counted off."""
    while (message := inbox.get()) is not None:
        inbox.task_done()
        outbox.put(message)


@GROUP.case("JoinableQueue")
def joinable_queue(size):
    there, back = JoinableQueue(), JoinableQueue()
    process = Process(target=echo_and_confirm, args=(there, back))
    process.start()

    def receive():
        message = back.get()
        back.task_done()
        return message

    yield round_trips(there.put, receive, size)
    there.put(None)
    process.join()
    there.close()
    there.join_thread()


@GROUP.case("Manager().Queue()")
def manager_queue(size):
    with Manager() as manager:
        there, back = manager.Queue(), manager.Queue()
        with echoing(there, back):
            yield round_trips(there.put, back.get, size)


def echo_at(address, family):
    """The echo as a client that calls at an address."""
    with Client(address, family) as connection:
        echo(connection.recv, connection.send)


def over_socket(family, size):
    """Round trips through Listener and Client."""
    try:
        listener = Listener(family=family)
    except ValueError as error:
        raise CannotMeasure(f"no {family} here") from error
    with listener:
        arguments = listener.address, family
        process = Process(target=echo_at, args=arguments)
        process.start()
        with listener.accept() as connection:
            yield round_trips(connection.send, connection.recv, size)
            connection.send(None)
            process.join()


@GROUP.case("Listener and Client, Unix socket")
def unix_socket(size):
    yield from over_socket("AF_UNIX", size)


@GROUP.case("Listener and Client, TCP")
def tcp_socket(size):
    yield from over_socket("AF_INET", size)


@GROUP.case("queue of sub-interpreters")
def interpreter_queue(size):
    try:
        from concurrent import interpreters
    except ImportError as error:
        raise CannotMeasure("from Python 3.14 on") from error
    there = interpreters.create_queue()
    back = interpreters.create_queue()
    interpreter = interpreters.create()
    interpreter.prepare_main(there=there, back=back)
    program = (
        "while (message := there.get()) is not None: back.put(message)"
    )
    arguments = [program]
    thread = threading.Thread(target=interpreter.exec, args=arguments)
    thread.start()
    yield round_trips(there.put, back.get, size)
    there.put(None)
    thread.join()
    interpreter.close()


if __name__ == "__main__":
    GROUP.show()
