# /// script
# dependencies = ["celery", "billiard", "redis"]
# [tool.examples]
# commands = ["redis-server"]
# ///
"""The process of a Celery task is killed, with three settings."""

import os
import signal
from threading import Event

from _server import REDIS, SOCKET, celery_worker
from billiard.exceptions import WorkerLostError
from celery import Celery
from redis import Redis

app = Celery("lost_task", broker=REDIS, backend=REDIS)
redis = Redis(unix_socket_path=SOCKET, decode_responses=True)


def work(name):
    if redis.incr(name) == 1:  # as if there were too little memory
        Event().wait(1)  # until Celery knows that it has begun
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


default = app.task(work, name="default")
late = app.task(work, name="late", acks_late=True)
again = app.task(
    work, name="again", acks_late=True, reject_on_worker_lost=True
)


def main():
    with celery_worker(app, "--concurrency", "3"):
        tasks = default, late, again
        results = [task.delay(task.name) for task in tasks]
        for task, result in zip(tasks, results, strict=True):
            try:
                outcome = result.get(timeout=30)
            except WorkerLostError as error:
                outcome = str(error).partition(" Job")[0]
            print(f"{task.name}, runs: {redis.get(task.name)}")
            print(outcome)


if __name__ == "__main__":
    main()
