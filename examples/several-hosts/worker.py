"""A worker: start as many as you like, on any host."""

import faulthandler
import os
import platform
import sys
import time
from multiprocessing.managers import BaseManager, DictProxy


class Shared(BaseManager):
    pass


for name in "jobs", "samples", "counter":
    Shared.register(name)
Shared.register("workers", proxytype=DictProxy)


def connect(host="127.0.0.1", port=50000):
    key = os.environ.get("JOBS_KEY") or sys.exit("JOBS_KEY is not set")
    shared = Shared((host, int(port)), key.encode())
    shared.connect()
    return shared


def main():
    limit = float(os.environ.get("JOBS_LIMIT", "30"))  # for one job
    faulthandler.dump_traceback_later(limit, exit=True)
    shared = connect(*sys.argv[1:])
    jobs, samples = shared.jobs(), shared.samples()
    counter, mine = shared.counter(), 0
    while jobs.are_left():
        faulthandler.dump_traceback_later(limit, exit=True)
        if job := jobs.take():
            number, (start, stop) = job
            jobs.done(number, sum(samples.get(start, stop)))
            counter.add(1)
            mine += 1
        else:
            time.sleep(0.1)  # until a job is done, or is late
    shared.workers()[f"{platform.node()} {os.getpid()}"] = mine


if __name__ == "__main__":
    main()
