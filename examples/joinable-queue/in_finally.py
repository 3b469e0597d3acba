"""task_done() in a finally block is called for every order."""

from multiprocessing import JoinableQueue, Process


def pack(orders):
    while (crates := orders.get()) is not None:
        try:
            if crates == 0:
                continue
        finally:
            orders.task_done()
    orders.task_done()


def main():
    orders = JoinableQueue()
    packer = Process(target=pack, args=(orders,))
    packer.start()
    for crates in [4, 0, 3]:
        orders.put(crates)
    print("Waiting until all orders are packed")
    orders.join()
    print("All orders packed")
    orders.put(None)
    packer.join()


if __name__ == "__main__":
    main()
