"""The exit code tells the parent that a process failed."""

import sys
from multiprocessing import Process


def pack(orders):
    print(orders["pear"], "packed")


def main():
    packer = Process(target=pack, args=({"apple": 3},))
    packer.start()
    packer.join()
    if packer.exitcode != 0:
        sys.exit(f"Packing failed, exit code {packer.exitcode}")
    print("All packed")


if __name__ == "__main__":
    main()
