"""Starts the server and two workers, as on three hosts."""

import sys

from _scripts import HOST, script, server
from worker import connect


def main():
    with server(lease=60) as (_, port):
        with (
            script("worker.py", HOST, port) as red,
            script("worker.py", HOST, port) as blue,
        ):
            statuses = red.wait(), blue.wait()
        if any(statuses):
            sys.exit(f"worker.py: exit statuses {statuses}")
        shared = connect(HOST, port)
        workers = shared.workers().copy()
        print("workers:", len(workers), "jobs:", sum(workers.values()))
        print("counter:", shared.counter().add(0))
        print("sum:", sum(shared.jobs().results().values()))


if __name__ == "__main__":
    main()
