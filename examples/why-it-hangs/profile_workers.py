"""Each worker writes a profile of its own, and the parent reads all."""

import cProfile
import pstats
from multiprocessing import Process
from pathlib import Path
from tempfile import TemporaryDirectory


def price(order):
    return order * 2


def bill(orders):
    return [price(order) for order in orders]


def profiled(path, function, *args):
    profile = cProfile.Profile()
    try:
        profile.runcall(function, *args)
    finally:
        profile.dump_stats(path)


def main():
    with TemporaryDirectory() as folder:
        for name, orders in [("ada", [3, 4]), ("bob", [5, 6, 7])]:
            args = (Path(folder, f"{name}.prof"), bill, orders)
            worker = Process(target=profiled, args=args)
            worker.start()
            worker.join()
        for path in sorted(Path(folder).iterdir()):
            stats = pstats.Stats(str(path)).get_stats_profile()
            calls = stats.func_profiles["price"].ncalls
            print(f"{path.name}: {calls} calls of price")


if __name__ == "__main__":
    main()
