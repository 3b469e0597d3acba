"""What arrives is a copy; changing it changes nothing else."""

from multiprocessing import Process, Queue


def mark(orders, marked):
    order = orders.get()
    order["paid"] = True
    marked.put(order)


def main():
    orders, marked = Queue(), Queue()
    order = {"item": "pear", "paid": False}
    cashier = Process(target=mark, args=(orders, marked))
    cashier.start()
    orders.put(order)
    print("Came back:", marked.get())
    print("Was sent: ", order)
    cashier.join()


if __name__ == "__main__":
    main()
