"""Most kinds of object that a manager makes, each used once."""

from multiprocessing import Manager


def main():
    with Manager() as manager:
        prices = manager.dict(pear=4)
        orders = manager.list(["pear", "apple"])
        settings = manager.Namespace(tax=7)
        total = manager.Value("i", 11)
        stock = manager.Array("i", [5, 2])
        print(prices["pear"], orders[0], settings.tax)
        print(total.value, stock[1])

        messages = manager.Queue()
        messages.put("ready")
        print(messages.get())

        with manager.Lock(), manager.RLock():
            print("both locks held")
        with manager.Semaphore(2), manager.BoundedSemaphore(2):
            print("both semaphores held")
        condition = manager.Condition()
        with condition:
            condition.notify_all()
        doors = manager.Event()
        doors.set()
        start = manager.Barrier(1)
        print(doors.is_set(), start.wait())


if __name__ == "__main__":
    main()
