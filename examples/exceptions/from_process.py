"""A Process sends its traceback as text, and the parent shows it."""

from multiprocessing import Process, SimpleQueue
from traceback import format_exc


def read_price(text, outcome):
    try:
        outcome.put((int(text), None))
    except Exception:
        outcome.put((None, format_exc()))


def main():
    outcome = SimpleQueue()
    worker = Process(target=read_price, args=("free", outcome))
    worker.start()
    price, error = outcome.get()
    worker.join()
    if error is None:
        print(price)
    else:
        print(error, end="")


if __name__ == "__main__":
    main()
