"""A worker changes a text of at most 20 bytes that all can see."""

import sys
from multiprocessing import Array, Process


def brew(status):
    status.value = "ready: café".encode()


def main():
    status = Array("c", 20)
    status.value = "waiting".encode()
    print(status.value.decode())
    machine = Process(target=brew, args=(status,))
    machine.start()
    machine.join()
    if machine.exitcode:
        sys.exit(f"{machine.name}: exit code {machine.exitcode}")
    print(status.value.decode())


if __name__ == "__main__":
    main()
