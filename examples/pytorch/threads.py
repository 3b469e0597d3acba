# /// script
# dependencies = ["torch"]
# ///
"""The worker of a pool computes with one thread."""

import torch
from torch.multiprocessing import Pool


def main():
    with Pool(1, torch.set_num_threads, (1,)) as pool:
        print("threads:", pool.apply(torch.get_num_threads))


if __name__ == "__main__":
    main()
