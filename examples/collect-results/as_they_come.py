"""imap_unordered gives each result as soon as it is there."""

from multiprocessing import Pool


def count_words(chapter):
    title, text = chapter
    return title, len(text.split())


def main():
    book = {"one": "Call me Ishmael.", "two": "Some years ago, once"}
    counts = {}
    with Pool(2) as pool:
        for title, count in pool.imap_unordered(
            count_words, book.items()
        ):
            counts[title] = count
    for title in book:
        print(title, counts[title])


if __name__ == "__main__":
    main()
