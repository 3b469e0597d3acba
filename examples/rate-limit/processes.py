"""Four workers reserve at most 5 moments in any 0.25 s together."""

import signal
import sys
from contextlib import ExitStack
from multiprocessing import Pipe, Process, connection

from limiter import Limiter, sleep_until


def look_up(addresses, limiter, report, ends_of_parent):
    for end in ends_of_parent:
        end.close()  # so that send() fails without the parent
    for address in addresses:
        sleep_until(limiter.reserve())
        report.send(f"{address}: found")  # the request goes here


def main():
    addresses = [f"{number} Main Street" for number in range(1, 13)]
    limiter, workers, answers = Limiter(5, 0.25), {}, []
    with ExitStack() as stack:
        for first in range(4):
            end, report = Pipe(duplex=False)
            args = addresses[first::4], limiter, report, [*workers, end]
            worker = Process(target=look_up, args=args, daemon=True)
            worker.start()
            stack.callback(worker.kill)
            report.close()
            workers[end] = worker
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
        while workers:
            ready = connection.wait(workers, limiter.period + 60)
            for end in ready or sys.exit("no answer for too long"):
                try:
                    answers.append(end.recv())
                except (EOFError, OSError):
                    worker = workers.pop(end)
                    worker.join()
                    if code := worker.exitcode:
                        sys.exit(f"{worker.name}: exit code {code}")
    if len(answers) < len(addresses):
        sys.exit("an answer is missing")
    print(len(answers), "answers")


if __name__ == "__main__":
    main()
