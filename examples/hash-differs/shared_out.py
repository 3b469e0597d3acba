"""Parent and worker do not agree on the hash of a text."""

from multiprocessing import Process, SimpleQueue

CUSTOMERS = [f"customer {number}" for number in range(64)]


def tills():
    return [hash(customer) % 4 for customer in CUSTOMERS]


def work(answers):
    answers.put(tills())


def main():
    answers = SimpleQueue()
    workers = [Process(target=work, args=(answers,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    one, two = answers.get(), answers.get()
    for worker in workers:
        worker.join()
    print("Worker as the parent:", one == tills())
    print("Worker as a worker:", one == two)


if __name__ == "__main__":
    main()
