"""A manager's dict collects results that everyone may read."""

import signal
import sys
from multiprocessing import Manager, Process, active_children


def count_words(title, text, counts):
    counts[title] = len(text.split())


def main():
    book = {"one": "Call me Ishmael.", "two": "Some years ago, once"}
    with Manager() as manager:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        counts = manager.dict()
        workers = [
            Process(target=count_words, args=(title, text, counts))
            for title, text in book.items()
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
            if worker.exitcode:
                sys.exit(f"a worker failed: {worker.exitcode}")
        for title in book:
            print(title, counts[title])


if __name__ == "__main__":
    try:
        main()
    finally:
        for child in active_children():
            child.kill()
