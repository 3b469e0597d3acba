"""An executor gives a future for each task, which holds its result."""

from concurrent.futures import ProcessPoolExecutor


def count_words(text):
    return len(text.split())


def main():
    book = {"one": "Call me Ishmael.", "two": "Some years ago, once"}
    with ProcessPoolExecutor() as executor:
        futures = {
            title: executor.submit(count_words, text)
            for title, text in book.items()
        }
        for title, future in futures.items():
            print(title, future.result())


if __name__ == "__main__":
    main()
