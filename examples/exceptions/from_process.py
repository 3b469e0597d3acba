"""A Process sends its traceback as text, and the parent shows it."""

from multiprocessing import Pipe, Process
from traceback import format_exc


def read_price(text, answer):
    try:
        answer.send((int(text), None))
    except BaseException:
        answer.send((None, format_exc()))


def main():
    receiver, sender = Pipe(duplex=False)
    worker = Process(target=read_price, args=("free", sender))
    worker.start()
    sender.close()
    try:
        price, error = receiver.recv()
    except (EOFError, OSError):
        price, error = None, "The worker died.\n"
    worker.join()
    if error is None:
        print(price)
    else:
        print(error, end="")


if __name__ == "__main__":
    main()
