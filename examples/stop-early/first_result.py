"""The first worker to find the password stops all others."""

import signal
import sys
from multiprocessing import Event, Pipe, Process, parent_process
from multiprocessing.connection import wait


def search(numbers, found, answer):
    for number in numbers:
        if found.is_set() or not parent_process().is_alive():
            return
        if number * number == 1_234_321:
            answer.send(number)
            found.set()


def main():
    found, workers, codes = Event(), {}, []
    for numbers in range(2000, 10**9), range(-(10**9), 0), range(2000):
        receiver, answer = Pipe(duplex=False)
        args = numbers, found, answer
        worker = Process(target=search, args=args, daemon=True)
        worker.start()
        answer.close()
        workers[receiver] = worker
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    while workers:
        for receiver in wait(workers):
            try:
                number = receiver.recv()
            except (EOFError, OSError):
                worker = workers.pop(receiver)
                worker.join()
                if code := worker.exitcode:
                    sys.exit(f"{worker.name}: exit code {code}")
                codes.append(code)
            else:
                print("found", number)
    print("exit statuses", codes)


if __name__ == "__main__":
    main()
