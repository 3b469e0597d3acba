# /// script
# requires-python = ">=3.14"
# ///
"""Each task returns a dictionary of its own; the parent merges them."""

from collections import Counter
from concurrent.futures import InterpreterPoolExecutor


def count_words(lines):
    return Counter(word for line in lines for word in line.split())


def main():
    parts = [["apple pear", "plum apple"], ["pear pear"]]
    words = Counter()
    with InterpreterPoolExecutor(2) as pool:
        for counted in pool.map(count_words, parts):
            words += counted
    for word in sorted(words):
        print(word, words[word])


if __name__ == "__main__":
    main()
