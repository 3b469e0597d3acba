"""A worker waits until there are enough orders to pack a parcel."""

from multiprocessing import Condition, Process, Queue, Value


def pack(orders, changed, answers):
    with changed:
        changed.wait_for(lambda: orders.value >= 3)
        orders.value -= 3
        answers.put("Packed a parcel of 3")


def main():
    changed = Condition()
    orders = Value("i", 0, lock=False)
    answers = Queue()
    packer = Process(target=pack, args=(orders, changed, answers))
    packer.start()
    for _ in range(4):
        with changed:
            orders.value += 1
            changed.notify()
    print(answers.get())
    packer.join()
    print("Orders left:", orders.value)


if __name__ == "__main__":
    main()
