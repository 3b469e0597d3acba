# /// script
# dependencies = ["rich"]
# ///
"""Workers report steps through pipes; the parent moves the bars."""

import sys
from multiprocessing import Pipe, Process
from multiprocessing.connection import wait

from rich.progress import Progress

STEPS = 50


def encode(sender, ends_of_parent):
    for end in ends_of_parent:
        end.close()
    for _ in range(STEPS):
        sender.send(1)


def main():
    films = ["Metropolis", "Nosferatu"]
    workers, receivers = [], []
    for _ in films:
        receiver, sender = Pipe(duplex=False)
        receivers.append(receiver)
        workers.append(Process(target=encode, args=(sender, receivers)))
        workers[-1].start()
        sender.close()
    with Progress(disable=not sys.stdout.isatty()) as progress:
        bars = [progress.add_task(f, total=STEPS) for f in films]
        bar_of = dict(zip(receivers, bars, strict=True))
        while bar_of:
            for receiver in wait(bar_of):
                try:
                    progress.advance(bar_of[receiver], receiver.recv())
                except EOFError:  # the worker has ended
                    del bar_of[receiver]
    for worker in workers:
        worker.join()
    for task in progress.tasks:
        print(task.description, task.completed, "of", task.total)


if __name__ == "__main__":
    main()
