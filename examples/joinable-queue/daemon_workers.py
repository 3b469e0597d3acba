"""Daemon workers wait for orders, and end with the parent."""

from multiprocessing import JoinableQueue, Process, Value


def pack(orders, packed):
    while True:
        order = orders.get()
        with packed.get_lock():
            packed.value += order
        orders.task_done()


def main():
    orders, packed = JoinableQueue(), Value("i", 0)
    for _ in range(3):
        Process(target=pack, args=(orders, packed), daemon=True).start()
    for order in [4, 1, 3, 2, 5]:
        orders.put(order)
    orders.join()
    print("All orders packed, crates:", packed.value)


if __name__ == "__main__":
    main()
