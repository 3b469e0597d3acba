"""Manager dict: workers add to one dict, under a lock."""

from multiprocessing import Lock, Manager, Process

BASKETS = ["milk bread milk", "tea milk", "milk bread", "tea tea milk"]
PRODUCTS = ["bread", "milk", "tea"]


def count(basket, totals, lock):
    for product in basket.split():
        with lock:
            totals[product] += 1


def main():
    lock = Lock()
    with Manager() as manager:
        totals = manager.dict(dict.fromkeys(PRODUCTS, 0))
        workers = [
            Process(target=count, args=(basket, totals, lock))
            for basket in BASKETS
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        print("Sold:", dict(totals))


if __name__ == "__main__":
    main()
