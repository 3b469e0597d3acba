# /// script
# dependencies = ["torch"]
# ///
"""The worker of a DataLoader is killed."""

import os
import signal

from torch.utils.data import DataLoader, Dataset


class Images(Dataset):
    def __len__(self):
        return 3

    def __getitem__(self, index):
        os.kill(os.getpid(), signal.SIGKILL)


def main():
    try:
        for _ in DataLoader(Images(), num_workers=1):
            print("a batch")
    except RuntimeError as error:
        told = str(error.__cause__ or "") or str(error)
        print(told.strip())


if __name__ == "__main__":
    main()
