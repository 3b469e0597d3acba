"""Two long tasks report each step, each through a pipe of its own."""

import signal
import sys
from multiprocessing import Pipe, Process
from multiprocessing.connection import wait

STEPS = 50


def encode(film, steps, ends_of_parent):
    for end in ends_of_parent:
        end.close()
    for _ in range(STEPS):
        steps.send(film)


def main():
    films, workers, count = ["Metropolis", "Nosferatu"], {}, 0
    for film in films:
        receiver, steps = Pipe(duplex=False)
        args = film, steps, [*workers, receiver]
        worker = Process(target=encode, args=args, daemon=True)
        worker.start()
        steps.close()
        workers[receiver] = worker
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    while workers:
        for receiver in wait(workers):
            try:
                receiver.recv()
            except (EOFError, OSError):
                worker = workers.pop(receiver)
                worker.join()
                if code := worker.exitcode:
                    sys.exit(f"{worker.name}: exit code {code}")
                continue
            count += 1
            if count % 25 == 0:
                print(f"{count:3} %")
    if count < len(films) * STEPS:
        sys.exit("steps are missing")


if __name__ == "__main__":
    main()
