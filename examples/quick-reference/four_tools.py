"""The four tools, each made and used once."""

from multiprocessing import Array, Manager, Process, Queue, Value


def work(visitors, degrees, messages, prices):
    with visitors.get_lock():
        visitors.value += 1
    degrees[0] = 20.5
    prices["pear"] = 4
    messages.put("done")


def main():
    visitors = Value("i", 0)  # one integer
    degrees = Array("d", 5)  # five floats, all 0.0
    messages = Queue()  # any objects, as copies
    with Manager() as manager:
        prices = manager.dict()  # a dict in the manager's process
        shared = visitors, degrees, messages, prices
        worker = Process(target=work, args=shared)
        worker.start()
        print(messages.get())
        worker.join()
        print(visitors.value, degrees[:], prices)


if __name__ == "__main__":
    main()
