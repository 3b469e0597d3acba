"""A worker counts in a Value and reports each step through a pipe."""

import signal
import sys
from multiprocessing import Pipe, Process, Value


def resize(photos, done, reports, end_of_parent):
    end_of_parent.close()
    for photo in photos:
        with done.get_lock():
            done.value += 1
            report = f"{done.value}: {photo}"
        reports.send(report)


def main():
    photos = ["beach", "bridge", "castle", "forest", "harbor"]
    done = Value("i", 0)
    receiver, reports = Pipe(duplex=False)
    args = photos, done, reports, receiver
    worker = Process(target=resize, args=args, daemon=True)
    worker.start()
    reports.close()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    missing = len(photos)
    while True:
        try:
            report = receiver.recv()
        except (EOFError, OSError):
            break
        print(report)
        missing -= 1
    worker.join()
    if missing or worker.exitcode:
        sys.exit(f"{worker.name}: exit code {worker.exitcode}")
    print("Photos done:", done.value)


if __name__ == "__main__":
    main()
