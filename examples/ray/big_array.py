# /// script
# dependencies = ["numpy", "ray"]
# ///
"""Two tasks read an array of 80 MB, which neither can change."""

import _cluster
import numpy as np
import ray


@ray.remote
def look(array):
    kind = "its own" if array.flags.owndata else "shared"
    try:
        array[0] = -1
    except ValueError as error:
        return array.sum(), kind, str(error)


@ray.remote
def set_first(array):
    array = array.copy()
    array[0] = -1
    return array[0]


def main():
    samples = np.arange(10_000_000.0)
    with _cluster.cluster():
        stored = ray.put(samples)  # a copy
        looks = ray.get([look.remote(stored) for _ in range(2)])
        for total, kind, error in looks:
            print("right:", total == samples.sum(), end=", ")
            print(f"memory: {kind}, {error}")
        print("in a copy:", ray.get(set_first.remote(stored)))
        samples[1] = -1
        print("stored:", ray.get(stored)[:2])


if __name__ == "__main__":
    main()
