# /// script
# dependencies = ["torch"]
# ///
"""A child computes with threads after its parent has done so."""

import torch
from torch.multiprocessing import Process, SimpleQueue


def compute(results):
    torch.set_num_threads(2)
    numbers = torch.ones(500, 500)
    results.put((numbers @ numbers).sum().item())


def main():
    results = SimpleQueue()
    compute(results)
    print("parent:", results.get())
    child = Process(target=compute, args=(results,), daemon=True)
    child.start()
    print("child:", results.get())
    child.join()


if __name__ == "__main__":
    main()
