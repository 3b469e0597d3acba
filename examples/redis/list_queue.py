# /// script
# dependencies = ["redis"]
# [tool.examples]
# commands = ["redis-server"]
# ///
"""LPOP takes a job out of Redis: a killed worker loses it."""

import os
import signal
from multiprocessing import Process

from _server import redis_server
from redis import Redis


def work(url, me):
    client = Redis.from_url(url, decode_responses=True)
    while job := client.lpop("jobs"):
        if me == "worker-1":  # as if there were too little memory
            os.kill(os.getpid(), signal.SIGKILL)
        client.sadd("done", job)


def main():
    with redis_server() as url, Redis.from_url(url) as client:
        client.rpush("jobs", "a", "b", "c")
        for name in "worker-1", "worker-2":
            worker = Process(target=work, args=[url, name])
            worker.start()
            worker.join()
            print(name, "has ended:", worker.exitcode)
        print("done:", b" ".join(sorted(client.smembers("done"))))
        if worker.exitcode:
            raise SystemExit("not all jobs are done")


if __name__ == "__main__":
    main()
