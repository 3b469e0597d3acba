# /// script
# dependencies = ["pyzmq"]
# ///
"""PUSH sends jobs ahead: a killed worker loses all that it has."""

from multiprocessing import Pipe, Process
from time import sleep

import zmq


def work(line, seconds):
    with zmq.Context() as context, context.socket(zmq.PULL) as jobs:
        if not line.poll(20):
            return
        jobs.connect(line.recv())
        while jobs.poll(1000):  # until none comes for a second
            line.send(jobs.recv())
            sleep(seconds)  # stands for work
    line.send("no more jobs")


def main():
    pipes, workers = [Pipe() for _ in range(2)], []
    for (_, end), seconds in zip(pipes, [10, 0], strict=True):
        args = end, seconds
        workers.append(Process(target=work, args=args, daemon=True))
        workers[-1].start()
        end.close()  # so that recv() raises if the worker fails
    (first, _), (second, _) = pipes
    with zmq.Context() as context, context.socket(zmq.PUSH) as jobs:
        jobs.linger, jobs.sndtimeo = 0, 10_000  # milliseconds
        jobs.bind("tcp://127.0.0.1:*")
        address = jobs.last_endpoint.decode()
        first.send(address)
        for number in range(100):
            jobs.send(b"job %d" % number)
        print("worker 1 has", first.recv())
        workers[0].kill()
        workers[0].join()
        second.send(address)
        print("worker 2 has", second.recv())


if __name__ == "__main__":
    main()
