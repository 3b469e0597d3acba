"""wait_for() a shared state: an early notify() does no harm."""

from multiprocessing import Condition, Event, Process, Value


def pack(orders, changed, notified):
    notified.wait()
    with changed:
        changed.wait_for(lambda: orders.value > 0)


def main():
    changed = Condition()
    orders = Value("i", 0, lock=False)
    notified = Event()
    packer = Process(target=pack, args=(orders, changed, notified))
    packer.start()
    with changed:
        orders.value += 1
        changed.notify()
    notified.set()
    print("Notified, waiting for the packer")
    packer.join()
    print("The packer is done")


if __name__ == "__main__":
    main()
