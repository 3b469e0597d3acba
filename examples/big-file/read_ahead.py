"""Chunks of a log go through an executor; four at most are held."""

import signal
import tempfile
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from itertools import islice

AHEAD, LINES = 4, 2500


def make_log():
    log = tempfile.TemporaryFile()
    for second in range(20_000):
        status = 200 if second * 7919 % 2221 else 500
        log.write(b"%05d GET /basket %d\n" % (second, status))
    log.seek(0)
    return log


def chunks(log):
    while lines := list(islice(log, LINES)):
        yield lines


def failed(lines):
    found = [x for x in lines if x.rstrip().endswith(b" 500")]
    return b"".join(found).decode()


def in_order(executor, function, items):
    tasks = deque()
    for item in items:
        tasks.append(executor.submit(function, item))
        if len(tasks) == AHEAD:
            yield tasks.popleft().result()
    while tasks:
        yield tasks.popleft().result()


def main():
    ignore = signal.SIGINT, signal.SIG_IGN
    with (
        make_log() as log,
        ProcessPoolExecutor(2, None, signal.signal, ignore) as executor,
    ):
        for requests in in_order(executor, failed, chunks(log)):
            print(requests, end="")


if __name__ == "__main__":
    main()
