"""A worker adds a batch at a time: one lock for a hundred tickets."""

import sys
from multiprocessing import Process, Value


def check(tickets, valid):
    for start in range(0, len(tickets), 100):
        batch = tickets[start : start + 100]
        found = sum(1 for ticket in batch if ticket % 3)
        with valid.get_lock():
            valid.value += found


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
