# /// script
# dependencies = ["ray"]
# ///
"""Two tasks share a dictionary, which is in an actor."""

import _cluster
import ray

LINES = ["red green red", "green blue", "blue red"]


@ray.remote
class Words:
    def __init__(self):
        self.found = {}

    def add(self, word):
        self.found[word] = self.found.get(word, 0) + 1

    def get(self):
        return self.found


@ray.remote
def count(line, words):
    ray.get([words.add.remote(word) for word in line.split()])


def main():
    with _cluster.cluster():
        words = Words.remote()
        ray.get([count.remote(line, words) for line in LINES])
        ray.get(words.get.remote()).clear()  # clears a copy
        print(sorted(ray.get(words.get.remote()).items()))


if __name__ == "__main__":
    main()
