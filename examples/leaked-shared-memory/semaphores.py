"""A program that does not end cleanly leaves its semaphores."""

import os
from multiprocessing import Lock


def main():
    lock = Lock()
    with lock:
        print("Locked", flush=True)
    os._exit(0)  # as if it were killed


if __name__ == "__main__":
    main()
