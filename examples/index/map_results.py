"""A pool brings the results back; nothing is shared."""

from multiprocessing import Pool


def count_words(line):
    return len(line.split())


def main():
    lines = ["to be or not to be", "that is the question"]
    with Pool(2) as pool:
        print("Words in each line:", pool.map(count_words, lines))


if __name__ == "__main__":
    main()
