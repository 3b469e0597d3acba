"""A global set only under the guard: is it there in the worker?"""

from multiprocessing import Process


def work():
    print("Tax:", tax_percent)


if __name__ == "__main__":
    tax_percent = 7
    worker = Process(target=work)
    worker.start()
    worker.join()
    print("Exit code of the worker:", worker.exitcode)
