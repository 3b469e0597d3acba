"""A Queue and an Event of multiprocessing are shared."""

from multiprocessing import Event, Process, Queue


def cook(orders, done):
    orders.put("soup")
    done.set()


def main():
    orders = Queue()
    done = Event()
    cooking = Process(target=cook, args=(orders, done))
    cooking.start()
    print("Order:", orders.get())
    cooking.join()
    print("Done:", done.is_set())


if __name__ == "__main__":
    main()
