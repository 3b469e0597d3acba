# /// script
# [tool.examples]
# commands = ["unshare"]
# ///
"""What happens when a /dev/shm of 64 MB is full."""

import faulthandler
from multiprocessing import Lock, Process
from multiprocessing.shared_memory import SharedMemory
from signal import Signals

from _container import SMALL, enter

SIZE = 100 * 1024 * 1024


def fill(frames):
    faulthandler.disable()
    for page in range(0, SIZE, 4096):
        frames.buf[page] = 1


def main():
    enter(SMALL)
    frames = SharedMemory(create=True, size=SIZE)
    print("Created")
    worker = Process(target=fill, args=(frames,))
    worker.start()
    worker.join()
    print("Worker: killed by", Signals(-worker.exitcode).name)
    try:
        Lock()
    except OSError as error:
        print("Lock:", error)
    frames.close()
    frames.unlink()


if __name__ == "__main__":
    main()
