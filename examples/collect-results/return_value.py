"""A Process returns nothing; a queue brings its result back."""

from multiprocessing import Process, SimpleQueue


def count_words(title, text, results):
    results.put((title, len(text.split())))


def main():
    book = {"one": "Call me Ishmael.", "two": "Some years ago, once"}
    results = SimpleQueue()
    workers = [
        Process(target=count_words, args=(title, text, results))
        for title, text in book.items()
    ]
    for worker in workers:
        worker.start()
    counts = dict(results.get() for _ in workers)
    for worker in workers:
        worker.join()
    for title in book:
        print(title, counts[title])


if __name__ == "__main__":
    main()
