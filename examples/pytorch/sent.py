# /// script
# dependencies = ["torch"]
# ///
"""A tensor that is sent is shared: what changes later arrives, too."""

import torch
from torch.multiprocessing import Process, SimpleQueue


def receive(tensors, sums):
    for _ in range(6):
        sums.put(tensors.get().sum().item())


def main():
    tensors, sums = SimpleQueue(), SimpleQueue()
    batch = torch.zeros(2)
    for number in 1, 2, 3:
        tensors.put(batch.fill_(number))
    for number in 1, 2, 3:
        tensors.put(batch.fill_(number).clone())
    child = Process(target=receive, args=(tensors, sums))
    child.start()
    print("the tensor:", [sums.get() for _ in range(3)])
    print("its copies:", [sums.get() for _ in range(3)])
    child.join()


if __name__ == "__main__":
    main()
