"""A worker with a pipe of its own: give it an item, take its result."""

import os
import signal
from contextlib import suppress
from multiprocessing import Pipe, Process, parent_process
from threading import Thread


def end_with_parent():
    parent_process().join()
    os._exit(1)


def work(function, line):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()
    while (item := line.recv()) is not None:
        line.send(function(item))


class Worker:
    def __init__(self, function):
        self.line, end = Pipe()
        args = function, end
        self.process = Process(target=work, args=args, daemon=True)
        self.process.start()
        end.close()

    def give(self, item, number=0):
        self.number = number
        with suppress(ConnectionError):  # it is dead: take() tells
            self.line.send(item)

    def take(self):
        with suppress(EOFError, OSError):
            return self.line.recv()
        self.process.join(5)
        end = f"exit code {self.process.exitcode}"
        raise RuntimeError(f"item {self.number}: {end}")

    def end(self, limit):
        self.give(None)
        self.process.join(limit)


if __name__ == "__main__":
    worker = Worker(sorted)
    worker.give("cab")
    print(worker.take())
    worker.end(5)
