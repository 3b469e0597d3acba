"""An append to a plain list inside a manager's dict is lost."""

from multiprocessing import Manager, Process


def take_order(orders):
    orders["apple"].append("Ada")


def main():
    with Manager() as manager:
        orders = manager.dict()
        orders["apple"] = []
        worker = Process(target=take_order, args=(orders,))
        worker.start()
        worker.join()
        print("Exit code of the worker:", worker.exitcode)
        print("Orders:", orders["apple"])


if __name__ == "__main__":
    main()
