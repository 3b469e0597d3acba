# /// script
# dependencies = ["redis"]
# [tool.examples]
# commands = ["redis-server"]
# ///
"""A lock expires while its holder still works."""

from multiprocessing import Pipe, Process

from _server import redis_server
from redis import Redis
from redis.exceptions import LockNotOwnedError


def work(url, parent):
    client = Redis.from_url(url)
    lock = client.lock("report", timeout=1)  # seconds
    lock.acquire()
    parent.send("inside")
    parent.recv()  # stands for work that takes too long
    try:
        lock.release()
    except LockNotOwnedError as error:
        parent.send(f"{type(error).__name__}: {error}")


def main():
    with redis_server() as url, Redis.from_url(url) as client:
        ours, theirs = Pipe()
        args = url, theirs
        worker = Process(target=work, args=args, daemon=True)
        worker.start()
        theirs.close()  # so that recv() raises if the worker fails
        print("the worker is", ours.recv())
        lock = client.lock("report", timeout=600)
        print("the parent is inside, too:", lock.acquire())
        ours.send("go on")
        print(ours.recv())
        print("the parent still has the lock:", lock.owned())
        worker.join()


if __name__ == "__main__":
    main()
