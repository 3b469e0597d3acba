"""A Process returns nothing; a pipe brings its result back."""

import sys
from multiprocessing import Pipe, Process


def count_words(text, answer, end_of_parent):
    end_of_parent.close()
    answer.send(len(text.split()))


def main():
    book = {"one": "Call me Ishmael.", "two": "Some years ago, once"}
    workers = {}
    for title, text in book.items():
        receiver, sender = Pipe(duplex=False)
        args = text, sender, receiver
        worker = Process(target=count_words, args=args, daemon=True)
        worker.start()
        sender.close()
        workers[title] = worker, receiver
    for title, (worker, receiver) in workers.items():
        try:
            count = receiver.recv()
        except (EOFError, OSError):
            count = None
        worker.join()
        if worker.exitcode or count is None:
            sys.exit(f"{title}: exit code {worker.exitcode}")
        print(title, count)


if __name__ == "__main__":
    main()
