# /// script
# dependencies = ["celery"]
# [tool.examples]
# commands = ["redis-server"]
# ///
"""What a module makes at import, and what each process makes."""

import os

from _server import REDIS, celery_worker
from celery import Celery
from celery.signals import worker_process_init

app = Celery("once_per_process", broker=REDIS, backend=REDIS)
imported_by = os.getpid()
opened_by = None


@worker_process_init.connect
def open_connection(**_):
    global opened_by  # a connection to a database would be here
    opened_by = os.getpid()


@app.task
def look():
    return os.getpid(), imported_by, opened_by


def main():
    opened = {}
    with celery_worker(app) as worker:
        while len(opened) < 2:  # until both processes have run one
            results = [look.delay() for _ in range(10)]
            for result in results:
                process, imported, by = result.get(timeout=30)
                opened[process] = by
    print("imported by the main process:", imported == worker.pid)
    print("opened by each:", all(p == by for p, by in opened.items()))


if __name__ == "__main__":
    main()
