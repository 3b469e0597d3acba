# /// script
# dependencies = ["torch"]
# ///
"""A killed child leaves what it has written to a shared tensor."""

import os
import signal

import torch
from torch.multiprocessing import Lock, Process


def measure(levels, lock):
    with lock:
        levels += 1
    os.kill(os.getpid(), signal.SIGKILL)


def main():
    levels = torch.zeros(3).share_memory_()
    lock = Lock()
    child = Process(target=measure, args=(levels, lock))
    child.start()
    child.join()
    print("exit code", child.exitcode)
    print("levels:", levels.tolist())


if __name__ == "__main__":
    main()
