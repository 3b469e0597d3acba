# /// script
# dependencies = ["celery", "redis"]
# [tool.examples]
# commands = ["redis-server"]
# ///
"""A task is skipped while another run of it is still at work."""

from _server import REDIS, SOCKET, celery_worker
from celery import Celery
from redis import Redis

app = Celery("one_run", broker=REDIS, backend=REDIS)
redis = Redis(unix_socket_path=SOCKET)
EXPIRY = 600  # seconds: more than the longest run


@app.task
def write_report():
    lock = redis.lock("write_report", timeout=EXPIRY)
    if not lock.acquire(blocking=False):
        return "skipped"
    try:
        redis.rpush("started", 1)
        redis.blpop("may end", timeout=30)  # the work
        return "done"
    finally:
        lock.release()


def main():
    with celery_worker(app):
        first = write_report.delay()
        redis.blpop("started", timeout=30)
        second = write_report.delay()
        print("second run:", second.get(timeout=30))
        redis.rpush("may end", 1)
        print("first run:", first.get(timeout=30))
        redis.rpush("may end", 1)
        third = write_report.delay()
        print("third run:", third.get(timeout=30))


if __name__ == "__main__":
    main()
