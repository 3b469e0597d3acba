"""Four workers reserve at most 5 moments in any 0.25 s together."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import parent_process
from threading import Thread

from limiter import Limiter, sleep_until

CALLS, PERIOD = 5, 0.25


def end_with_parent():
    parent_process().join()
    os._exit(1)


def share(limiter_of_parent):
    global limiter
    limiter = limiter_of_parent
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()


def look_up(address):
    moment = limiter.reserve()
    sleep_until(moment)
    return f"{address}: found", moment  # the request goes here


def main():
    addresses = [f"{number} Main Street" for number in range(1, 13)]
    args = [Limiter(CALLS, PERIOD)]
    with ProcessPoolExecutor(4, None, share, args) as pool:
        results = pool.map(look_up, addresses)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        answers = list(results)
    moments = sorted(moment for _, moment in answers)
    pairs = zip(moments, moments[CALLS:], strict=False)
    kept = all(later >= one + PERIOD for one, later in pairs)
    print(len(answers), "answers, moments keep the limit:", kept)


if __name__ == "__main__":
    main()
