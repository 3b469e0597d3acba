"""The changed list is assigned back to its key, and arrives."""

from multiprocessing import Manager, Process


def take_order(orders):
    customers = orders["apple"]
    customers.append("Ada")
    orders["apple"] = customers
    orders["pear"] += ["Ada"]


def main():
    with Manager() as manager:
        orders = manager.dict()
        orders["apple"] = []
        orders["pear"] = []
        worker = Process(target=take_order, args=(orders,))
        worker.start()
        worker.join()
        print("Exit code of the worker:", worker.exitcode)
        print("Orders:", orders)


if __name__ == "__main__":
    main()
