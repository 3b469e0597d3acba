"""join() waits until every order has been packed."""

from multiprocessing import JoinableQueue, Process, Value


def pack(orders, packed):
    while (order := orders.get()) is not None:
        with packed.get_lock():
            packed.value += order
        orders.task_done()
    orders.task_done()


def main():
    orders, packed = JoinableQueue(), Value("i", 0)
    packers = [
        Process(target=pack, args=(orders, packed)) for _ in range(3)
    ]
    for packer in packers:
        packer.start()
    for order in [4, 1, 3, 2, 5]:
        orders.put(order)
    orders.join()
    print("All orders packed, crates:", packed.value)
    for _ in packers:
        orders.put(None)
    for packer in packers:
        packer.join()


if __name__ == "__main__":
    main()
