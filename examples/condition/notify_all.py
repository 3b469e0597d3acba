"""notify_all() wakes every waiter when the shop opens."""

from multiprocessing import Condition, Process, Queue, Value


def shop(is_open, changed, visits):
    with changed:
        changed.wait_for(lambda: is_open.value)
    visits.put("came in")


def main():
    changed = Condition()
    is_open = Value("b", False, lock=False)
    visits = Queue()
    customers = [
        Process(target=shop, args=(is_open, changed, visits))
        for _ in range(3)
    ]
    for customer in customers:
        customer.start()
    with changed:
        is_open.value = True
        changed.notify_all()
    print([visits.get() for _ in customers])
    for customer in customers:
        customer.join()


if __name__ == "__main__":
    main()
