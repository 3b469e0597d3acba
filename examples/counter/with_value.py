"""Four workers count in one Value, each step under its lock."""

import sys
from multiprocessing import Process, Value
from multiprocessing.connection import wait


def check(tickets, valid):
    for ticket in tickets:
        if ticket % 3:
            with valid.get_lock():
                valid.value += 1


def main():
    valid = Value("i", 0)
    shares = [range(gate, 1200, 4) for gate in range(4)]
    workers = [
        Process(target=check, args=(share, valid), daemon=True)
        for share in shares
    ]
    for worker in workers:
        worker.start()
    running = {worker.sentinel: worker for worker in workers}
    while running:
        for sentinel in wait(running):
            worker = running.pop(sentinel)
            worker.join()
            if code := worker.exitcode:
                sys.exit(f"{worker.name}: exit code {code}")
    print(valid.value, "valid tickets")


if __name__ == "__main__":
    main()
