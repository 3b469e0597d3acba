"""Three workers count in one Value, and each reports through a pipe."""

import signal
import sys
from multiprocessing import Pipe, Process, Value
from multiprocessing.connection import wait

SHARES = [("beach", "bridge"), ("castle", "forest"), ("harbor", "hill")]


def resize(photos, done, reports, ends_of_parent):
    for end in ends_of_parent:
        end.close()
    for photo in photos:
        with done.get_lock():
            done.value += 1
            count = done.value
        reports.send((count, photo))


def main():
    done, received, workers = Value("i", 0), [], {}
    for photos in SHARES:
        receiver, reports = Pipe(duplex=False)
        args = photos, done, reports, [*workers, receiver]
        worker = Process(target=resize, args=args, daemon=True)
        worker.start()
        reports.close()
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
    if len(received) < sum(len(photos) for photos in SHARES):
        sys.exit("reports are missing")
    print("Counts:", sorted(count for count, photo in received))
    print("Photos:", sorted(photo for count, photo in received))
    print("Photos done:", done.value)


if __name__ == "__main__":
    main()
