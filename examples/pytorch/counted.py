# /// script
# dependencies = ["torch"]
# ///
"""The worker of a DataLoader counts in its copy of the dataset."""

import torch
from torch.utils.data import DataLoader, Dataset


class Images(Dataset):
    def __init__(self):
        self.count = 0
        self.shared = torch.zeros(4).share_memory_()

    def __len__(self):
        return 4

    def __getitem__(self, index):
        self.count += 1
        self.shared[index] += 1
        return index


def main():
    images = Images()
    loader = DataLoader(images, num_workers=1)
    print("items:", len(list(loader)))
    print("in the attribute:", images.count)
    print("in the shared tensor:", images.shared.tolist())


if __name__ == "__main__":
    main()
