"""Read outside the lock, the count may be another worker's."""

import signal
import sys
from multiprocessing import Barrier, Pipe, Process, Value
from multiprocessing.connection import wait


def resize(done, report, both_counted):
    with done.get_lock():
        done.value += 1
    both_counted.wait()
    report.send(done.value)


def main():
    done, both_counted = Value("i", 0), Barrier(2)
    workers, received = {}, []
    for _ in range(2):
        receiver, report = Pipe(duplex=False)
        args = done, report, both_counted
        worker = Process(target=resize, args=args, daemon=True)
        worker.start()
        report.close()
        workers[receiver] = worker
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    while workers:
        for receiver in wait(workers):
            try:
                received.append(receiver.recv())
            except (EOFError, OSError):
                worker = workers.pop(receiver)
                worker.join()
                if code := worker.exitcode:
                    sys.exit(f"{worker.name}: exit code {code}")
    if len(received) < 2:
        sys.exit("a report is missing")
    print("Counts:", sorted(received))


if __name__ == "__main__":
    main()
