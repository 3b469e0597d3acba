"""A semaphore lets two of five downloads run at the same time."""

from multiprocessing import Process, Semaphore, Value


def download(slots, running, highest):
    with slots:
        with running.get_lock():
            running.value += 1
            highest.value = max(highest.value, running.value)
        with running.get_lock():
            running.value -= 1


def main():
    slots = Semaphore(2)
    running = Value("i", 0)
    highest = Value("i", 0)
    downloads = [
        Process(target=download, args=(slots, running, highest))
        for _ in range(5)
    ]
    for process in downloads:
        process.start()
    for process in downloads:
        process.join()
    print("Never more than two at once:", highest.value <= 2)


if __name__ == "__main__":
    main()
