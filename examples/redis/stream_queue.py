# /// script
# dependencies = ["redis"]
# [tool.examples]
# commands = ["redis-server"]
# ///
"""A stream keeps each job until it is acknowledged."""

import os
import signal
from multiprocessing import Process

from _server import redis_server
from redis import Redis

LATE = 1000  # milliseconds: a job takes less


def work(url, me):
    client = Redis.from_url(url, decode_responses=True)
    while client.xlen("jobs"):
        jobs = client.xautoclaim("jobs", "all", me, LATE, count=1)[1]
        if not jobs:
            new = client.xreadgroup("all", me, {"jobs": ">"}, 1, 100)
            jobs = new[0][1] if new else []
        for number, job in jobs:
            if me == "worker-1":  # as if there were too little memory
                os.kill(os.getpid(), signal.SIGKILL)
            step = client.pipeline()  # all of it, or nothing
            step.sadd("done", job["name"]).xack("jobs", "all", number)
            step.xdel("jobs", number).execute()


def main():
    with redis_server() as url, Redis.from_url(url) as client:
        client.xgroup_create("jobs", "all", mkstream=True)
        for job in "a", "b", "c":
            client.xadd("jobs", {"name": job})
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
