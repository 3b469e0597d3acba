"""A global changed under the guard: what does the worker see?"""

from multiprocessing import Process, Queue

tax_percent = 19


def report(seen):
    seen.put(tax_percent)


def main():
    global tax_percent
    tax_percent = 7
    seen = Queue()
    worker = Process(target=report, args=(seen,))
    worker.start()
    print("The worker sees", seen.get())
    worker.join()


if __name__ == "__main__":
    main()
