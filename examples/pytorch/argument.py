# /// script
# dependencies = ["torch"]
# ///
"""A child changes a tensor that it has as an argument."""

import torch
from torch.multiprocessing import Process


def measure(levels):
    levels += 1


def main():
    levels = torch.zeros(3)
    child = Process(target=measure, args=(levels,))
    child.start()
    child.join()
    print("levels:", levels.tolist())


if __name__ == "__main__":
    main()
