"""The same with a pipe for each worker: what goes wrong is told."""

import signal
import sys
from itertools import islice
from multiprocessing.connection import wait

from one_worker import Worker
from read_ahead import chunks, failed, make_log


def in_order(workers, items, ahead=4, limit=60):
    numbered, turn, busy, done = enumerate(items), 0, {}, {}
    free = list(workers)
    try:
        while True:
            room = min(len(free), ahead - len(busy) - len(done))
            for number, item in islice(numbered, room):
                worker = free.pop()
                worker.give(item, number)
                busy[worker.line] = worker
            if turn in done:
                yield done.pop(turn)
                turn += 1
            elif not busy:
                break
            elif not (ready := wait(busy, limit)):
                sys.exit(f"item {turn}: no answer for {limit} s")
            else:
                for worker in map(busy.pop, ready):
                    done[worker.number] = worker.take()
                    free.append(worker)
        for worker in workers:
            worker.end(limit)
    finally:
        for worker in workers:
            worker.process.kill()


def main():
    workers = [Worker(failed) for _ in range(2)]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    with make_log() as log:
        sys.stdout.writelines(in_order(workers, chunks(log)))


if __name__ == "__main__":
    main()
