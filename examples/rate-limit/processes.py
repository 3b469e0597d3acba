"""Four workers together make at most 5 requests in any 0.25 s."""

import signal
import sys
from multiprocessing import Pipe, Process, connection

from limiter import Limiter, sleep_until


def look_up(addresses, limiter, report):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for address in addresses:
        sleep_until(limiter.reserve())
        report.send(f"{address}: found")  # the request goes here


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    addresses = [f"{number} Main Street" for number in range(1, 13)]
    limiter, workers, answers = Limiter(5, 0.25), {}, []
    try:
        for first in range(4):
            receiver, report = Pipe(duplex=False)
            args = addresses[first::4], limiter, report
            worker = Process(target=look_up, args=args, daemon=True)
            worker.start()
            workers[receiver] = worker
            report.close()
        while workers:
            ready = connection.wait(workers, 60)
            for receiver in ready or sys.exit("no answer in 60 s"):
                try:
                    answers.append(receiver.recv())
                except (EOFError, OSError):
                    worker = workers.pop(receiver)
                    worker.join()
                    if code := worker.exitcode:
                        sys.exit(f"{worker.name}: exit code {code}")
    finally:
        for worker in workers.values():
            worker.kill()
    if len(answers) < len(addresses):
        sys.exit("an answer is missing")
    print(len(answers), "answers")


if __name__ == "__main__":
    main()
