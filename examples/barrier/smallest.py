"""Workers add up only when all have written their part."""

from multiprocessing import Array, Barrier, Process, Queue


def work(number, sales, all_written, shares):
    sales[number] = 10 * (number + 1)
    all_written.wait()
    shares.put((sales[number], sum(sales)))


def main():
    sales = Array("i", 3)
    all_written = Barrier(3)
    shares = Queue()
    workers = [
        Process(target=work, args=(number, sales, all_written, shares))
        for number in range(3)
    ]
    for worker in workers:
        worker.start()
    for part, total in sorted(shares.get() for _ in workers):
        print(part, "of", total)
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    main()
