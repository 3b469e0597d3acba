"""A worker that cleans up, whichever way its parent ends."""

import os
import signal
import sys
import tempfile
from multiprocessing import Pipe, Process


def measure(stop, stopper, report):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    stopper.close()  # now only the parent has this end
    report.send("measuring")
    while not stop.poll(0.01):
        pass  # one step of the work
    report.send("cleaned up")


def run_worker(report, folder):
    tempfile.tempdir = folder  # who is killed cannot tidy up
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    stop, stopper = Pipe(duplex=False)
    worker = Process(target=measure, args=(stop, stopper, report))
    worker.start()
    try:
        worker.join()
    finally:
        stopper.close()
        worker.join()


def main():
    for number in signal.SIGTERM, signal.SIGKILL:
        receiver, report = Pipe(duplex=False)
        with tempfile.TemporaryDirectory() as folder:
            args = report, folder
            parent = Process(target=run_worker, args=args)
            parent.start()
            report.close()
            receiver.recv()
            os.kill(parent.pid, number)
            parent.join()
            print(number.name, receiver.recv())


if __name__ == "__main__":
    main()
