"""SIGUSR1 makes a worker write where it is."""

import faulthandler
import os
import re
import signal
from multiprocessing import Event, Lock, Process
from tempfile import NamedTemporaryFile


def bill(lock, ready, path):
    file = open(path, "w")
    faulthandler.register(signal.SIGUSR1, file, chain=True)
    ready.set()
    with lock:
        pass


def main():
    lock, ready = Lock(), Event()
    with NamedTemporaryFile("r") as stack:
        args = (lock, ready, stack.name)
        worker = Process(target=bill, args=args)
        with lock:
            worker.start()
            ready.wait()
            worker.join(timeout=2)
            if worker.is_alive():
                os.kill(worker.pid, signal.SIGUSR1)
                worker.join()
        print(re.sub(r'".*/', '"', stack.read()), end="")
    print("Ended by:", signal.Signals(-worker.exitcode).name)


if __name__ == "__main__":
    main()
