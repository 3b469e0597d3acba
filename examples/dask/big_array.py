# /// script
# dependencies = ["dask[distributed]", "numpy"]
# ///
"""Two workers have an array of 80 MB, and one of them changes it."""

import dask
import numpy as np
from _scratch import LOCAL, own_folder
from dask.distributed import Client

manager = "distributed.scheduler.active-memory-manager.start"
dask.config.set({manager: False})  # it would drop a copy


def look(array):
    return array.sum(), array.ctypes.data


def set_first(array):
    array[0] = -1


def get_first(array):
    return array[0]


def main():
    samples = np.arange(10_000_000.0)
    with own_folder(), Client(n_workers=2, **LOCAL) as client:
        future = client.scatter(samples, broadcast=True)
        (holders,) = client.who_has(future).values()
        one, two = ({"workers": [name]} for name in holders)
        for at in one, two:
            looks = client.map(look, [future] * 2, pure=False, **at)
            sums, places = zip(*client.gather(looks), strict=True)
            print("right:", {*sums} == {samples.sum()}, end=", ")
            print("copies for two tasks:", len({*places}))
        client.submit(set_first, future, **one).result()
        for at in one, two:
            first = client.submit(get_first, future, pure=False, **at)
            print("first:", first.result())
        print("first in the parent:", samples[0])


if __name__ == "__main__":
    main()
