# /// script
# dependencies = ["torch"]
# ///
"""A dataset with a lambda is given to the worker of a DataLoader."""

import pickle

from torch.utils.data import DataLoader, Dataset


class Images(Dataset):
    def __init__(self, transform):
        self.transform = transform

    def __len__(self):
        return 2

    def __getitem__(self, index):
        return self.transform(index)


def main():
    images = Images(transform=lambda image: image * 10)
    loader = DataLoader(images, batch_size=2, num_workers=1)
    try:
        for batch in loader:
            print(batch.tolist())
    except (AttributeError, pickle.PicklingError):
        print("the lambda cannot be pickled")


if __name__ == "__main__":
    main()
