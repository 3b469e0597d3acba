"""A loop that waits for None receives every item."""

from multiprocessing import Event, Process, Queue


def count_visitors(counts, doors_open):
    doors_open.wait()
    for hour in range(3):
        counts.put(hour * 10)
    counts.put(None)


def main():
    counts, doors_open = Queue(), Event()
    counter = Process(target=count_visitors, args=(counts, doors_open))
    counter.start()
    doors_open.set()
    received = []
    while (count := counts.get()) is not None:
        received.append(count)
    print("Received", received)
    counter.join()


if __name__ == "__main__":
    main()
