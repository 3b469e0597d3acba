# /// script
# dependencies = ["torch"]
# ///
"""A program that may have 64 open files keeps copies of 100 batches."""

import resource

import torch
from torch.utils.data import DataLoader


def main():
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, most))
    batches = []
    for batch in DataLoader(torch.arange(100), num_workers=1):
        batches.append(batch.clone())
    print("kept:", len(batches))


if __name__ == "__main__":
    main()
