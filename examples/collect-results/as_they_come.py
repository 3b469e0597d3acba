"""as_completed gives each task as soon as its result is there."""

from concurrent.futures import ProcessPoolExecutor, as_completed


def count_words(text):
    return len(text.split())


def main():
    book = {"one": "Call me Ishmael.", "two": "Some years ago, once"}
    counts = {}
    with ProcessPoolExecutor(2) as executor:
        titles = {
            executor.submit(count_words, text): title
            for title, text in book.items()
        }
        try:
            for task in as_completed(titles):
                counts[titles[task]] = task.result()
        finally:
            for task in titles:
                task.cancel()
    for title in book:
        print(title, counts[title])


if __name__ == "__main__":
    main()
