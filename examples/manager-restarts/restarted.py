"""The server is killed twice, and no order is lost or counted twice."""

import os
import sys
from multiprocessing import Process
from multiprocessing.connection import wait
from pathlib import Path
from tempfile import TemporaryDirectory

from calls import call
from orders import Orders, serve


class Killed(Orders):
    def save(self, sold):
        super().save(sold)
        if len(sold) in (3, 6):
            os.kill(os.getpid(), 9)  # the order is saved, not answered


def sell(address, key):
    for number in range(10):
        call(address, key, "sell", f"A{number}", 2)


def start(target, *args):
    process = Process(target=target, args=args, daemon=True)
    process.start()
    return process


def main():
    with TemporaryDirectory() as folder:
        place = str(Path(folder, "socket")), os.urandom(32)
        seller = start(sell, *place)
        starts = 0
        while seller.is_alive() and starts < 9:
            server, starts = start(serve, *place, Killed), starts + 1
            while server.is_alive() and seller.is_alive():
                wait([server.sentinel, seller.sentinel])
        seller.join()
        if seller.exitcode:
            sys.exit(f"the seller has failed: {seller.exitcode}")
        print("The server was started", starts, "times")
        print("Sold:", call(*place, "sell", "A9", 2))
        server.terminate()
        server.join()


if __name__ == "__main__":
    main()
