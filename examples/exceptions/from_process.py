"""A Process sends its traceback as text, and the parent shows it."""

import sys
from multiprocessing import Pipe, Process
from traceback import format_exc


def read_price(text, answer):
    try:
        answer.send((int(text), None))
    except BaseException:
        answer.send((None, format_exc()))


def main():
    for text in ["4", "free"]:
        receiver, sender = Pipe(duplex=False)
        worker = Process(target=read_price, args=(text, sender))
        worker.start()
        sender.close()
        try:
            price, error = receiver.recv()
        except (EOFError, OSError):
            worker.join()
            sys.exit(f"{text}: exit code {worker.exitcode}")
        worker.join()
        if error:
            sys.exit(f"{text}: {error.strip()}")
        print(text, "->", price)


if __name__ == "__main__":
    main()
