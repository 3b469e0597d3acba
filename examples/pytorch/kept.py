# /// script
# dependencies = ["torch"]
# ///
"""A program that may have 64 open files keeps 100 batches."""

import resource

import torch
from torch.utils.data import DataLoader


def main():
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, most))
    batches = []
    try:
        for batch in DataLoader(torch.arange(100), num_workers=1):
            batches.append(batch)
    except RuntimeError as error:
        print(str(error).partition(".")[0])


if __name__ == "__main__":
    main()
