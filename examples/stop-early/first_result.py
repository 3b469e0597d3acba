"""The first worker to find the password stops all others."""

from multiprocessing import Event, Process, SimpleQueue


def search(numbers, found, answer):
    for number in numbers:
        if found.is_set():
            return
        if number * number == 1_234_321:
            answer.put(number)
            found.set()


def main():
    found, answer = Event(), SimpleQueue()
    ranges = [range(2000, 10**9), range(-(10**9), 0), range(2000)]
    workers = [
        Process(target=search, args=(numbers, found, answer))
        for numbers in ranges
    ]
    for worker in workers:
        worker.start()
    print("found", answer.get())
    for worker in workers:
        worker.join()
    print("exit statuses", [worker.exitcode for worker in workers])


if __name__ == "__main__":
    main()
