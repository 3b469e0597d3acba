# /// script
# [tool.examples]
# commands = ["unshare"]
# ///
"""Without /dev/shm, as on AWS Lambda, these calls fail."""

from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import Event, Lock, Pool, Queue, RawValue, Value
from multiprocessing.pool import ThreadPool
from multiprocessing.shared_memory import SharedMemory

from _container import NONE, enter

CALLS = {
    "Lock": Lock,
    "Event": Event,
    "Queue": Queue,
    "Pool": Pool,
    "ThreadPool": ThreadPool,
    "ProcessPoolExecutor": ProcessPoolExecutor,
    "Value": partial(Value, "i"),
    "RawValue": partial(RawValue, "i"),
    "SharedMemory": partial(SharedMemory, create=True, size=8),
}


def main():
    enter(NONE)
    for name, call in CALLS.items():
        try:
            call()
        except OSError:
            print(name, "raises OSError")
        else:
            print(name, "works")


if __name__ == "__main__":
    main()
