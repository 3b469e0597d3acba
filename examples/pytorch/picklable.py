# /// script
# dependencies = ["torch"]
# ///
"""A dataset with a function of the module is given to the worker."""

from torch.utils.data import DataLoader, Dataset


class Images(Dataset):
    def __init__(self, transform):
        self.transform = transform

    def __len__(self):
        return 2

    def __getitem__(self, index):
        return self.transform(index)


def scale(image):
    return image * 10


def main():
    images = Images(transform=scale)
    loader = DataLoader(images, batch_size=2, num_workers=1)
    for batch in loader:
        print(batch.tolist())


if __name__ == "__main__":
    main()
