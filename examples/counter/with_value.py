"""Four workers count in one Value, each step under its lock."""

import sys
from multiprocessing import Process, Value


def check(tickets, valid):
    for ticket in tickets:
        if ticket % 3:
            with valid.get_lock():
                valid.value += 1


def main():
    valid = Value("i", 0)
    workers = [
        Process(target=check, args=(range(gate, 1200, 4), valid))
        for gate in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        sys.exit("A worker has failed: the count is too low")
    print(valid.value, "valid tickets")


if __name__ == "__main__":
    main()
