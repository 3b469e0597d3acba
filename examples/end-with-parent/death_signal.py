"""The kernel ends a worker with its parent: on Linux, if at all."""

import ctypes
import os
import signal
import tempfile
from multiprocessing import Pipe, Process

PR_SET_PDEATHSIG = 1  # see man 2 prctl


def measure(line):
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    line.send(os.getppid())
    line.poll(None)  # until the main program has closed its end


def run_worker(line, folder):
    tempfile.tempdir = folder  # who is killed cannot tidy up
    worker = Process(target=measure, args=(line,))
    worker.start()
    line.close()
    worker.join()


def main():
    line, end = Pipe()
    with tempfile.TemporaryDirectory() as folder:
        parent = Process(target=run_worker, args=(end, folder))
        parent.start()
        end.close()
        is_parent = line.recv() == parent.pid
        print("the program is the worker's parent:", is_parent)
        parent.kill()
        parent.join()
        print("the worker has ended:", line.poll(5))
        line.close()


if __name__ == "__main__":
    main()
