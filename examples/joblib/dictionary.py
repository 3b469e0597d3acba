# /// script
# dependencies = ["joblib"]
# ///
"""Each task returns a dictionary; the parent merges them."""

from collections import Counter

from joblib import Parallel, delayed


def count_words(lines):
    return Counter(word for line in lines for word in line.split())


def main():
    parts = [["apple pear", "plum apple"], ["pear pear"], ["plum"]]
    words = Counter()
    parallel = Parallel(n_jobs=2, return_as="generator_unordered")
    for counted in parallel(delayed(count_words)(p) for p in parts):
        words += counted
    for word in sorted(words):
        print(word, words[word])


if __name__ == "__main__":
    main()
