"""Read outside the lock, the count may be another worker's."""

from multiprocessing import Barrier, Process, Queue, Value


def resize(done, reports, both_counted):
    with done.get_lock():
        done.value += 1
    both_counted.wait()
    reports.put(done.value)


def main():
    done = Value("i", 0)
    reports = Queue()
    both_counted = Barrier(2)
    workers = [
        Process(target=resize, args=(done, reports, both_counted))
        for _ in range(2)
    ]
    for worker in workers:
        worker.start()
    received = [reports.get() for _ in workers]
    for worker in workers:
        worker.join()
    print("Counts:", sorted(received))


if __name__ == "__main__":
    main()
