"""A loop that asks empty() ends before the worker has put anything."""

from multiprocessing import Event, Process, Queue


def count_visitors(counts, doors_open):
    doors_open.wait()
    for hour in range(3):
        counts.put(hour * 10)


def main():
    counts, doors_open = Queue(), Event()
    counter = Process(target=count_visitors, args=(counts, doors_open))
    counter.start()
    received = []
    while not counts.empty():
        received.append(counts.get())
    print("Received", received)
    doors_open.set()
    print("Missed", [counts.get() for _ in range(3)])
    counter.join()


if __name__ == "__main__":
    main()
