# /// script
# dependencies = ["pyzmq"]
# ///
"""The owner keeps each job until it is done, and hands it out again."""

import signal
from multiprocessing import Lock, Process, Queue
from time import monotonic

import zmq


def work(addresses, first, limit):
    with zmq.Context() as context, context.socket(zmq.DEALER) as owner:
        owner.linger, owner.rcvtimeo = 0, int(10_000 * limit)
        owner.connect(addresses.get(timeout=20))
        owner.send(b"")  # nothing is done: a job, please
        while job := owner.recv():
            if job == b"c" and first.acquire(block=False):
                signal.raise_signal(signal.SIGKILL)  # out of memory
            owner.send(job)


def main():
    late, idle = dict.fromkeys([b"a", b"b", b"c", b"d"], 0.0), []
    args = addresses, _, limit = Queue(), Lock(), 1.0  # seconds
    both = [Process(target=work, args=args, daemon=True) for _ in "ab"]
    for worker in both:
        worker.start()  # before there is a context
    with zmq.Context() as context, context.socket(zmq.ROUTER) as jobs:
        jobs.bind("tcp://127.0.0.1:*")
        for _ in both:
            addresses.put(jobs.last_endpoint.decode())
        while late and any(worker.is_alive() for worker in both):
            if jobs.poll(100):
                worker_id, done = jobs.recv_multipart()
                late.pop(done, None)
                idle.append(worker_id)
            job = min(late, key=late.get, default=None)
            if idle and job and late[job] < monotonic():
                late[job] = monotonic() + limit  # a job takes less
                jobs.send_multipart([idle.pop(), job])
    assert not late, "no worker is left"
    print("all done, killed:", sum(one.exitcode == -9 for one in both))


if __name__ == "__main__":
    main()
