"""The second worker reads on where the first has stopped."""

import os
from multiprocessing import Process, SimpleQueue

orders = os.open(__file__, os.O_RDONLY)  # any file


def count(answers):
    with open(orders, closefd=False) as lines:
        answers.put(len(list(lines)))


def main():
    answers = SimpleQueue()
    for name in "First worker", "Second worker":
        worker = Process(target=count, args=(answers,))
        worker.start()
        print(f"{name}: {answers.get()} lines")
        worker.join()


if __name__ == "__main__":
    main()
