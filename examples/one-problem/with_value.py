"""Value: one for each product, each with a lock of its own."""

from multiprocessing import Process, Value

BASKETS = ["milk bread milk", "tea milk", "milk bread", "tea tea milk"]
PRODUCTS = ["bread", "milk", "tea"]


def count(basket, totals):
    for product in basket.split():
        with totals[product].get_lock():
            totals[product].value += 1


def main():
    totals = {product: Value("i") for product in PRODUCTS}
    workers = [
        Process(target=count, args=(basket, totals))
        for basket in BASKETS
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print("Sold:", {key: total.value for key, total in totals.items()})


if __name__ == "__main__":
    main()
