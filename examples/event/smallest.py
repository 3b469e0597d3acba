"""Workers wait until the parent says that the data is there."""

from multiprocessing import Array, Event, Process, Queue


def average(prices, ready, answers):
    ready.wait()
    answers.put(sum(prices) / len(prices))


def main():
    prices = Array("d", 3)
    ready = Event()
    answers = Queue()
    worker = Process(target=average, args=(prices, ready, answers))
    worker.start()
    prices[:] = [10, 20, 60]
    ready.set()
    print("Average:", answers.get())
    worker.join()


if __name__ == "__main__":
    main()
