"""A worker with a pipe of its own, and the item that it has."""

import os
import signal
from contextlib import suppress
from multiprocessing import Pipe, Process, parent_process
from threading import Thread


def end_with_parent():
    parent_process().join()
    os._exit(1)


def receive(line):
    with suppress(EOFError, OSError):  # the parent has ended
        yield from iter(line.recv, None)


def work(function, line):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()
    for item, number in receive(line):
        line.send((item, function(item, number)))


class Worker:
    def __init__(self, function, workers):
        self.line, end = Pipe()
        args = function, end
        self.process = Process(target=work, args=args, daemon=True)
        self.process.start()
        end.close()
        workers[self.line] = self

    def give(self, item):
        self.held = item
        with suppress(ConnectionError):  # it is dead: recv() raises
            self.line.send(item)

    def end(self):
        self.process.join(5)
        self.process.kill()
        self.process.join()
        return self.process.exitcode


def main():
    worker = Worker(round, {})
    worker.give((2.345, 1))
    print(worker.line.recv())


if __name__ == "__main__":
    main()
