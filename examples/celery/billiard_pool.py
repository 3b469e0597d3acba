# /// script
# dependencies = ["celery", "billiard"]
# [tool.examples]
# commands = ["redis-server"]
# ///
"""A Celery task starts a pool of billiard; others share the work."""

from _server import REDIS, celery_worker
from billiard import Pool
from celery import Celery, group

app = Celery("billiard_pool", broker=REDIS, backend=REDIS)


def square(number):
    return number * number


@app.task
def all_squares(numbers):
    with Pool(2) as pool:
        return pool.map(square, numbers)


@app.task
def one_square(number):
    return square(number)


def main():
    with celery_worker(app):
        squares = all_squares.delay([1, 2, 3]).get(timeout=30)
        print("pool in a task:", squares)
        parts = group(one_square.s(number) for number in [1, 2, 3])
        print("a task for each:", parts().get(timeout=30))


if __name__ == "__main__":
    main()
