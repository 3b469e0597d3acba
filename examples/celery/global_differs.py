# /// script
# dependencies = ["celery"]
# [tool.examples]
# commands = ["redis-server"]
# ///
"""Each of two processes of a Celery worker counts tasks in a global."""

import os

from _server import REDIS, celery_worker
from celery import Celery

app = Celery("global_differs", broker=REDIS, backend=REDIS)
count = 0


@app.task
def add():
    global count
    count += 1
    return os.getpid(), count


def main():
    tasks, counts = 0, {}
    with celery_worker(app):
        while len(counts) < 2:  # until both processes have run one
            results = [add.delay() for _ in range(10)]
            for result in results:
                process, counted = result.get(timeout=30)
                tasks += 1
                counts[process] = max(counted, counts.get(process, 0))
    print("one process counts all:", max(counts.values()) == tasks)
    print("together they do:", sum(counts.values()) == tasks)


if __name__ == "__main__":
    main()
