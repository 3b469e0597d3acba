# /// script
# dependencies = ["celery"]
# [tool.examples]
# commands = ["redis-server"]
# ///
"""Celery tasks start a pool and an executor of their own."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool

from _server import REDIS, celery_worker
from celery import Celery

app = Celery("pool_in_task", broker=REDIS, backend=REDIS)


@app.task
def pool():
    with Pool(2) as pool:
        return pool.map(abs, [-1, -2, -3])


@app.task
def executor():
    with ProcessPoolExecutor(2) as executor:
        return list(executor.map(abs, [-1, -2, -3]))


def main():
    with celery_worker(app):
        for task in pool, executor:
            try:
                print(task.delay().get(timeout=30))
            except AssertionError as error:
                print(f"AssertionError: {error}")


if __name__ == "__main__":
    main()
