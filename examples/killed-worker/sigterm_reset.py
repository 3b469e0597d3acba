"""The program handles SIGTERM; its workers are ended by it."""

import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool


def on_sigterm(signum, frame):
    print("Shutting down")


def reset_sigterm():
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def wait_forever():
    threading.Event().wait()


def main():
    signal.signal(signal.SIGTERM, on_sigterm)
    with ProcessPoolExecutor(2, initializer=reset_sigterm) as executor:
        executor.submit(wait_forever)
        eight = executor.submit(pow, 2, 3).result()
        print("2 to the power of 3:", eight)
        try:
            executor.submit(os._exit, 1).result()
        except BrokenProcessPool:
            print("A worker was killed")
    print("The with block has ended")


if __name__ == "__main__":
    main()
