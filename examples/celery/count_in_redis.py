# /// script
# dependencies = ["celery", "redis"]
# [tool.examples]
# commands = ["redis-server"]
# ///
"""Both processes of a Celery worker count tasks in Redis."""

import os

from _server import REDIS, SOCKET, celery_worker
from celery import Celery
from redis import Redis

app = Celery("count_in_redis", broker=REDIS, backend=REDIS)
redis = Redis(unix_socket_path=SOCKET)


@app.task
def add():
    return os.getpid(), redis.incr("count")


def main():
    tasks, processes = 0, set()
    with celery_worker(app):
        while len(processes) < 2:  # until both have run one
            results = [add.delay() for _ in range(10)]
            answers = [result.get(timeout=30) for result in results]
            tasks += len(answers)
            processes.update(process for process, _ in answers)
    last = max(counted for _, counted in answers)
    print("each process counts all:", last == tasks)


if __name__ == "__main__":
    main()
