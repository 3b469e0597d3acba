# /// script
# dependencies = ["numpy"]
# ///
"""During which calls can another thread run Python code?"""

import hashlib
import sys
import time
from threading import Event, Thread

import numpy as np

SECONDS = 0.5  # of the processor's time, for calls
numbers = np.zeros(1_000_000)
CALLS = {
    "time.sleep()": lambda: time.sleep(0.01),  # stands for waiting
    "hashlib.sha256()": lambda: hashlib.sha256(numbers),
    "np.sin()": lambda: np.sin(numbers),
    "numbers.tolist()": lambda: numbers.tolist(),
    "sum()": lambda: sum(range(1_000_000)),
}


def work(call, begun, ran, answers):
    begun.set()
    while not ran.is_set() and time.thread_time() < SECONDS:
        call()
    answers.append("yes" if ran.is_set() else "no")


def main():
    sys.setswitchinterval(1000)  # seconds; no turns by time
    for name, call in CALLS.items():
        begun, ran, answers = Event(), Event(), []
        args = call, begun, ran, answers
        worker = Thread(target=work, args=args)
        worker.start()
        begun.wait()
        ran.set()
        worker.join()
        print(name, *answers)


if __name__ == "__main__":
    main()
