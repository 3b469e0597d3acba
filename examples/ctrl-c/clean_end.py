"""Ctrl-C reaches the parent alone, which lets the workers end."""

import os
import signal
import sys
from multiprocessing import Pipe, Process, parent_process
from multiprocessing.connection import wait


def measure(stop, started):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    started.send(True)
    wait([stop, parent_process().sentinel])


def main():
    stop, stopper = Pipe(duplex=False)
    workers = []
    try:
        for _ in range(3):
            receiver, started = Pipe(duplex=False)
            worker = Process(target=measure, args=(stop, started))
            worker.start()
            workers.append(worker)
            started.close()
            receiver.poll(None)  # until it has started, or is dead
        os.killpg(os.getpgrp(), signal.SIGINT)  # you press Ctrl-C
        left = workers
        while left and not any(w.exitcode for w in workers):
            wait([worker.sentinel for worker in left])
            left = [worker for worker in left if worker.is_alive()]
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        print("stopping")
    finally:
        stopper.send_bytes(b"stop")
        for worker in workers:
            worker.join()
    codes = [worker.exitcode for worker in workers]
    if any(codes):
        sys.exit(f"exit statuses {codes}")
    print("exit statuses", codes)


if __name__ == "__main__":
    main()
