"""Parent and worker talk to each other through a pipe."""

from multiprocessing import Pipe, Process

PRICES = {"apple": 3, "pear": 4}


def price(connection):
    with connection:
        while (item := connection.recv()) is not None:
            connection.send(PRICES[item])


def main():
    to_clerk, to_parent = Pipe()
    clerk = Process(target=price, args=(to_parent,))
    clerk.start()
    to_parent.close()
    with to_clerk:
        for item in ["pear", "apple"]:
            to_clerk.send(item)
            print(item, to_clerk.recv())
        to_clerk.send(None)
    clerk.join()


if __name__ == "__main__":
    main()
