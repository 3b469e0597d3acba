"""Under a main guard, the same lines run everywhere."""

from multiprocessing import Array, Manager, Queue, Value


def main():
    visitors = Value("i", 0)
    temperatures = Array("d", 5)
    orders = Queue()
    with Manager() as manager:
        prices = manager.dict(apple=3)
        orders.put("apple")
        order = orders.get()
        print(visitors.value, temperatures[:], order, prices[order])


if __name__ == "__main__":
    main()
