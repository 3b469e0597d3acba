# /// script
# dependencies = ["dask[distributed]"]
# ///
"""Two workers share a dictionary; a second client finds the result."""

from _scratch import LOCAL, own_folder
from dask.distributed import Client, LocalCluster

LINES = ["red green red", "green blue", "blue red"]


class Words:
    def __init__(self):
        self.found = {}

    def add(self, word):
        self.found[word] = self.found.get(word, 0) + 1

    def get(self):
        return self.found


def count(line, words):
    for word in line.split():
        words.add(word).result()


def main():
    with own_folder(), LocalCluster(n_workers=2, **LOCAL) as cluster:
        with Client(cluster) as client:
            words = client.submit(Words, actor=True).result()
            jobs = client.map(count, LINES, words=words, pure=False)
            client.gather(jobs)
            words.get().result().clear()  # clears a copy
            print("words:", sorted(words.get().result().items()))
            most = client.submit(max, words.get().result().values())
            client.publish_dataset(most=most)
        with Client(cluster) as other:
            print("published:", other.list_datasets())
            print("most:", other.get_dataset("most").result())


if __name__ == "__main__":
    main()
