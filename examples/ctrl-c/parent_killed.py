"""A worker that notices the death of its parent, and ends."""

import signal
import sys
import tempfile
from multiprocessing import Pipe, Process, parent_process
from multiprocessing.connection import wait


def measure(report):
    report.send("measuring")
    wait([parent_process().sentinel])
    report.send("the parent is dead: ending")


def run_worker(report, folder):
    tempfile.tempdir = folder  # who is killed cannot tidy up
    worker = Process(target=measure, args=(report,))
    worker.start()
    wait([worker.sentinel, parent_process().sentinel])
    worker.terminate()


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    receiver, report = Pipe(duplex=False)
    with tempfile.TemporaryDirectory() as folder:
        parent = Process(target=run_worker, args=(report, folder))
        parent.start()
        report.close()
        try:
            print(receiver.recv())
        finally:
            parent.kill()
            parent.join()
        print(receiver.recv())


if __name__ == "__main__":
    main()
