# /// script
# dependencies = ["rich"]
# ///
"""Workers report steps through a queue; the parent moves the bars."""

import sys
from multiprocessing import Process, SimpleQueue

from rich.progress import Progress

STEPS = 50


def encode(film, steps):
    for _ in range(STEPS):
        steps.put(film)


def main():
    films = ["Metropolis", "Nosferatu"]
    steps = SimpleQueue()
    workers = [Process(target=encode, args=(f, steps)) for f in films]
    for worker in workers:
        worker.start()
    with Progress(disable=not sys.stdout.isatty()) as progress:
        bars = {f: progress.add_task(f, total=STEPS) for f in films}
        for _ in range(len(films) * STEPS):
            progress.advance(bars[steps.get()])
    for worker in workers:
        worker.join()
    for task in progress.tasks:
        print(task.description, task.completed, "of", task.total)


if __name__ == "__main__":
    main()
