"""A shared list is emptied, in each version of Python."""

from multiprocessing import Manager


def main():
    with Manager() as manager:
        orders = manager.list(["tea", "milk"])
        try:
            orders.clear()
        except AttributeError as error:
            print("AttributeError:", error)
            del orders[:]
        print("Orders:", orders)


if __name__ == "__main__":
    main()
