"""Three workers share the orders; each ends at a None of its own."""

from multiprocessing import Process, SimpleQueue


def pack(orders, packed):
    while (order := orders.get()) is not None:
        packed.put(order)


def main():
    orders, packed = SimpleQueue(), SimpleQueue()
    packers = [
        Process(target=pack, args=(orders, packed)) for _ in range(3)
    ]
    for packer in packers:
        packer.start()
    for order in range(10):
        orders.put(order)
    for _ in packers:
        orders.put(None)
    print("Packed:", sorted(packed.get() for _ in range(10)))
    for packer in packers:
        packer.join()
    orders.close()
    packed.close()


if __name__ == "__main__":
    main()
