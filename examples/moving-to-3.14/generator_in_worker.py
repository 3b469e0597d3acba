"""The worker gets the data and makes the generator."""

from multiprocessing import Process


def prices(cents):
    for price in cents:
        yield price / 100


def work(cents):
    print("Total:", sum(prices(cents)))


def main():
    worker = Process(target=work, args=([250, 125],))
    worker.start()
    worker.join()


if __name__ == "__main__":
    main()
