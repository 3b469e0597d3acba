# /// script
# dependencies = ["ray"]
# ///
"""Two tasks count in an actor."""

import _cluster
import ray


@ray.remote
class Counter:
    def __init__(self):
        self.n = 0

    def add(self, k):
        self.n += k
        return self.n

    def get(self):
        return self.n


@ray.remote
def count(counter, times):
    for _ in range(times):
        ray.get(counter.add.remote(1))


def main():
    with _cluster.cluster():
        counter = Counter.remote()
        ray.get([count.remote(counter, 100) for _ in range(2)])
        print("actor:", ray.get(counter.get.remote()))


if __name__ == "__main__":
    main()
