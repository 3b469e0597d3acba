"""Three workers share the orders; each ends at a None of its own."""

from multiprocessing import Process, Queue


def pack(orders, packed):
    while (order := orders.get()) is not None:
        packed.put(order)
    packed.put(None)


def main():
    orders, packed = Queue(), Queue()
    packers = [
        Process(target=pack, args=(orders, packed)) for _ in range(3)
    ]
    for packer in packers:
        packer.start()
    for order in range(10):
        orders.put(order)
    for _ in packers:
        orders.put(None)
    done = [item for _ in packers for item in iter(packed.get, None)]
    for packer in packers:
        packer.join()
    print("Packed:", sorted(done))


if __name__ == "__main__":
    main()
