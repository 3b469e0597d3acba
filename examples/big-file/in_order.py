"""The same with a pipe for each worker: what goes wrong is told."""

import signal
import sys
from multiprocessing.connection import wait

from one_worker import Worker
from read_ahead import chunks, failed, make_log


def in_order(workers, items, limit=60):
    if not workers:
        raise ValueError("no workers")
    numbered, turn, busy, done = enumerate(items), 0, {}, {}
    try:
        while True:
            room = 2 * len(workers) - len(busy) - len(done)
            free = [x for x in workers if x.line not in busy]
            pairs = zip(free[:room], numbered, strict=False)
            for worker, (number, item) in pairs:
                worker.give(item, number)
                busy[worker.line] = worker
            if turn in done:
                yield done.pop(turn)
                turn += 1
            elif not busy:
                break
            elif ready := wait(busy, limit):
                for worker in map(busy.pop, ready):
                    done[worker.number] = worker.take()
            else:
                raise RuntimeError(f"item {turn} not done in {limit} s")
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
