"""Pool.map brings the results back, in the order of the tasks."""

from multiprocessing import Pool


def count_words(text):
    return len(text.split())


def main():
    chapters = ["Call me Ishmael.", "Some years ago", "never mind how"]
    with Pool(3) as pool:
        counts = pool.map(count_words, chapters)
    for chapter, count in zip(chapters, counts, strict=True):
        print(count, chapter)


if __name__ == "__main__":
    main()
