"""Buffered output of the parent comes after that of its child."""

import sys
from multiprocessing import Event, Process


def pack(order, go):
    go.wait()
    print(order, "packed")


def main():
    sys.stdout.reconfigure(line_buffering=False)
    go = Event()
    packer = Process(target=pack, args=("apple", go))
    packer.start()
    print("Waiting for the packer")
    go.set()
    packer.join()
    print("All packed")


if __name__ == "__main__":
    main()
