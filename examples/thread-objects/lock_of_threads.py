"""A threading.Lock does not keep processes apart."""

import threading
from multiprocessing import Pipe, Process

till = threading.Lock()


def work(line):
    with till:
        line.send("in the block")
        line.recv()


def main():
    lines, workers = [], []
    for name in "First worker", "Second worker":
        line, end = Pipe()
        worker = Process(target=work, args=(end,))
        worker.start()
        print(f"{name}:", line.recv())
        lines.append(line)
        workers.append(worker)
    for line in lines:
        line.send("leave it")
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    main()
