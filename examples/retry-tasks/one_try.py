"""One try of a task, in a process of its own, with a time limit."""

import os
import signal
import sys
from contextlib import suppress
from multiprocessing import Pipe, Process, parent_process
from threading import Thread
from time import monotonic, sleep


def end_with_parent():
    parent_process().join()
    os._exit(1)


def work(function, task, answer):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()
    answer.send((True, function(task)))


class Try:
    def __init__(self, function, task, limit):
        self.receiver, answer = Pipe(duplex=False)
        args = function, task, answer
        self.worker = Process(target=work, args=args, daemon=True)
        self.end = monotonic() + limit
        self.worker.start()
        answer.close()

    def outcome(self):
        is_done, result = False, "too late"
        with suppress(Exception):
            if self.receiver.poll(max(0, self.end - monotonic())):
                is_done, result = self.receiver.recv()
        self.worker.join(1 if is_done else self.end - monotonic())
        if not is_done and not self.worker.is_alive():
            result = f"exit code {self.worker.exitcode}"
        self.worker.kill()
        self.worker.join()
        return is_done, result


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    print(Try(len, "photo", limit=60).outcome())
    print(Try(sleep, 60, limit=1).outcome())


if __name__ == "__main__":
    main()
