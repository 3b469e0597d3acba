"""A generator is an argument."""

from multiprocessing import Process


def prices(cents):
    for price in cents:
        yield price / 100


def work(amounts):
    print("Total:", sum(amounts))


def main():
    worker = Process(target=work, args=(prices([250, 125]),))
    worker.start()
    worker.join()


if __name__ == "__main__":
    main()
