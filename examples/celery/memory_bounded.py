# /// script
# dependencies = ["celery"]
# [tool.examples]
# commands = ["redis-server"]
# ///
"""A process of a Celery worker that got too big is replaced."""

import os

from _server import REDIS, celery_worker
from celery import Celery

app = Celery("memory_bounded", broker=REDIS, backend=REDIS)
app.conf.worker_max_memory_per_child = 250_000  # KiB


@app.task
def fill(megabytes):
    data = b"x" * 1_000_000 * megabytes
    return os.getpid(), len(data)


def run(megabytes):
    process, _ = fill.delay(megabytes).get(timeout=30)
    return process


def main():
    with celery_worker(app, "--concurrency", "1"):
        first, second = run(1), run(1)
        big, after = run(300), run(1)
    print("after a small task, the same process:", second == first)
    print("the big task is completed there:", big == second)
    print("after it, the same process:", after == big)


if __name__ == "__main__":
    main()
