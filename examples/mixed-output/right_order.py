"""With flush=True the lines come in the order of the prints."""

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
    print("Waiting for the packer", flush=True)
    go.set()
    packer.join()
    print("All packed")


if __name__ == "__main__":
    main()
