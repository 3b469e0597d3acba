"""A global changed in a process stays as it was in the parent."""

from multiprocessing import Process

orders = {"apple": 0}


def take_order():
    orders["apple"] += 1


def main():
    worker = Process(target=take_order)
    worker.start()
    worker.join()
    print("Exit code of the worker:", worker.exitcode)
    print("Orders:", orders)


if __name__ == "__main__":
    main()
