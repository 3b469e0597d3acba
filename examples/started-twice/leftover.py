"""A closed terminal leaves the block; no later start can create it."""

import os
import signal
import sys
from multiprocessing.shared_memory import SharedMemory
from subprocess import PIPE, Popen, run

COMMAND = [sys.executable, __file__, "sell"]


def sell():
    block = SharedMemory("tickets", create=True, size=8)
    try:
        print("selling", flush=True)
        sys.stdin.read()  # until the end of the day
    finally:
        block.close()
        block.unlink()


def main():
    with Popen(
        COMMAND, stdin=PIPE, stdout=PIPE, start_new_session=True
    ) as first:
        print("first start:", first.stdout.readline().decode(), end="")
        os.killpg(first.pid, signal.SIGHUP)  # its terminal closes
    second = run(COMMAND, stderr=PIPE, text=True)
    print("second start:", second.stderr.splitlines()[-1])
    leftover = SharedMemory("tickets")
    leftover.close()
    leftover.unlink()


if __name__ == "__main__":
    sell() if "sell" in sys.argv else main()
