"""The process sends its result back, and the parent stores it."""

from multiprocessing import Process, Queue

orders = {"apple": 0}


def take_order(taken):
    taken.put("apple")


def main():
    taken = Queue()
    worker = Process(target=take_order, args=(taken,))
    worker.start()
    orders[taken.get()] += 1
    worker.join()
    print("Exit code of the worker:", worker.exitcode)
    print("Orders:", orders)


if __name__ == "__main__":
    main()
