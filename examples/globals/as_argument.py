"""A value passed as an argument is there in every worker."""

from multiprocessing import Process


def work(tax_percent):
    print("Tax:", tax_percent)


if __name__ == "__main__":
    tax_percent = 7
    worker = Process(target=work, args=(tax_percent,))
    worker.start()
    worker.join()
    print("Exit code of the worker:", worker.exitcode)
