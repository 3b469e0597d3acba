# /// script
# dependencies = ["celery"]
# [tool.examples]
# commands = ["redis-server"]
# ///
"""What the caller of a Celery task gets for an exception."""

from _server import REDIS, celery_worker
from celery import Celery

app = Celery("own_exception", broker=REDIS, backend=REDIS)


class SoldOut(Exception):
    def __init__(self, article, wanted):
        super().__init__(f"{wanted} of {article} wanted")


class OutOfStock(Exception):
    def __init__(self, article, wanted):
        super().__init__(article, wanted)


@app.task
def sell(kind):
    raise globals()[kind]("apple", 3)


def main():
    with celery_worker(app):
        for kind in "SoldOut", "OutOfStock":
            try:
                sell.delay(kind).get(timeout=30)
            except Exception as error:
                print(f"{kind}: {type(error).__name__}")
                print(error)


if __name__ == "__main__":
    main()
