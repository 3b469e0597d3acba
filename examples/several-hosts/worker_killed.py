"""A worker is killed after the work, before it has said so."""

import os
import signal
from multiprocessing import Process

from _scripts import HOST, server, work
from worker import connect


def do_not_tell(port):
    shared = connect(HOST, port)
    _, (start, stop) = shared.jobs().take()
    sum(shared.samples().get(start, stop))
    shared.counter().add(1)
    os.kill(os.getpid(), signal.SIGKILL)


def main():
    with server(lease=0.1) as (_, port):
        worker = Process(target=do_not_tell, args=[port])
        worker.start()
        worker.join()
        print("killed:", worker.exitcode)
        work(port)
        shared = connect(HOST, port)
        print("results:", len(shared.jobs().results()))
        print("counter:", shared.counter().add(0))


if __name__ == "__main__":
    main()
