"""A task that fails or takes too long is tried in a new process."""

import os
import signal
import sys
from multiprocessing.connection import wait
from time import monotonic, sleep

from one_try import Try

LIMIT, TRIES, WORKERS = 10, 2, 2


def resize(photo):
    if photo == "huge.png":
        sleep(60)  # it takes too long
    if photo == "torn.png":
        os._exit(3)  # the library crashes
    return f"small-{photo}"


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    photos = ["torn.png", "huge.png", "cat.png", "dog.png"]
    left, running, outcomes = [(p, 1) for p in photos], {}, {}
    try:
        while left or running:
            while left and len(running) < WORKERS:
                photo, number = left.pop(0)
                running[Try(resize, photo, LIMIT)] = photo, number
            ready = wait([one.receiver for one in running], 0.1)
            for one in list(running):
                if one.receiver in ready or monotonic() > one.end:
                    photo, number = running[one]
                    outcomes[photo] = is_done, _ = one.outcome()
                    del running[one]
                    if not is_done and number < TRIES:
                        left.append((photo, number + 1))
    finally:
        for one in running:
            one.worker.kill()
    for photo in photos:
        print(photo, *outcomes[photo])
    if failed := [p for p in photos if not outcomes[p][0]]:
        sys.exit(f"failed for good: {failed}")


if __name__ == "__main__":
    main()
