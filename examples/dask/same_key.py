# /// script
# dependencies = ["dask[distributed]"]
# ///
"""Calls with the same function and arguments are one task."""

import random

from _scratch import LOCAL, own_folder
from dask.distributed import Client


def roll(sides):
    return random.random() * sides


def main():
    with own_folder(), Client(n_workers=2, **LOCAL) as client:
        for more in {}, {"pure": False}:
            rolls = client.map(roll, [6, 6, 6, 6], **more)
            tasks = {future.key for future in rolls}
            numbers = set(client.gather(rolls))
            print(more, "tasks:", len(tasks), "numbers:", len(numbers))


if __name__ == "__main__":
    main()
