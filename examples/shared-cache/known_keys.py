"""Each way is computed once, before the orders that need it."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from heapq import heappop, heappush
from multiprocessing import parent_process
from random import Random
from threading import Thread

TOWNS = {"Ash": (5, 44), "Elm": (49, 7), "Fir": (30, 30)}
PLACES = ["Ash", "Ash", "Elm", "Elm", "Fir", "Fir"] * 2
ORDERS = list(enumerate(PLACES, start=1))


def minutes(town):
    random, heap = Random(7).random, [(0, 0, 0)]
    left = {divmod(i, 50): 1 + int(9 * random()) for i in range(2500)}
    while heap:
        time, x, y = heappop(heap)
        if (x, y) == TOWNS[town]:
            return time
        if cost := left.pop((x, y), 0):
            for place in (x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1):
                heappush(heap, (time + cost, *place))


def bill(order, minutes_to_town):
    return f"order {order} costs {minutes_to_town * 3}"


def end_with_parent():
    parent_process().join()
    os._exit(1)


def watch_parent():
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()


def main():
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    orders, towns = zip(*ORDERS, strict=True)
    with ProcessPoolExecutor(2, None, watch_parent) as pool:
        keys = sorted(set(towns))
        ways = dict(zip(keys, pool.map(minutes, keys), strict=True))
        *_, last = pool.map(bill, orders, [ways[x] for x in towns])
    print(len(ways), "ways computed;", last)


if __name__ == "__main__":
    main()
