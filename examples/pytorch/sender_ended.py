# /// script
# dependencies = ["torch"]
# ///
"""The process that sent a tensor has ended before it is received."""

import torch
from torch.multiprocessing import Process, SimpleQueue


def send(queue):
    queue.put(torch.ones(2))
    queue.put([1.0, 1.0])


def main():
    queue = SimpleQueue()
    child = Process(target=send, args=(queue,))
    child.start()
    child.join()
    try:
        print(queue.get())
    except OSError as error:
        print(f"{type(error).__name__}: {error}")
    print(queue.get())


if __name__ == "__main__":
    main()
