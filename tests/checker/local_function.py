"""Short programs for the rule local-function."""

START = """import threading
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import Pool, Process

def add(function, number):
    return number + 1

"""

FOUND: tuple[str, ...] = (
    START
    + """def main():
    with Pool(2) as pool:
        pool.map(lambda number: number + 1, [1, 2])  # here""",
    START
    + """def main():
    def work():
        print("work")

    Process(target=work).start()  # here""",
    START
    + """def main():
    with ProcessPoolExecutor() as executor:
        executor.submit(add, function=lambda: 1, number=2)  # here""",
    START
    + """def main():
    with Pool(2) as pool:
        pool.map(partial(add, lambda: 1), [1, 2])  # here""",
    START
    + """def main():
    class Order:
        pass

    Pool(2).apply(Order)  # here""",
    START
    + """class Shop:
    def __init__(self):
        self.lock = threading.Lock()

    def work(self):
        print("work")

    def open(self):
        Process(target=self.work).start()  # here""",
    START
    + """class Shop(Process):
    def __init__(self):
        super().__init__()
        self.file = open("names")

    def run(self):  # here
        print("work")

Shop().start()""",
    START
    + """class Shop:
    def __init__(self):
        self.file = open("names")

class Market(Shop):
    pass

def main():
    Process(target=print, args=(Market(),)).start()  # here""",
    START
    + """class Shop:
    def open(self):
        self.lock = threading.Lock()
        Process(target=print, kwargs={"end": self}).start()  # here""",
)

FOUND += (
    START
    + """import sys

def main():
    Process(target=print, args=(1, open("names"))).start()  # here""",
    START
    + """import sys

def main():
    Process(target=print, args=(1, sys.stdout)).start()  # here""",
)

RIGHT: tuple[str, ...] = (
    START
    + """def main():
    with Pool(2) as pool:
        pool.map(partial(add, None), [1, 2])
        pool.map(str, map(lambda number: number + 1, [1, 2]))""",
    START
    + """class Shop:
    def __init__(self):
        self.lock = threading.Lock()

    def __getstate__(self):
        return {}

    def work(self):
        print("work")

    def open(self):
        Process(target=self.work).start()""",
    START
    + """class Shop:
    lock = threading.Lock()

    @staticmethod
    def work():
        print("work")

    @classmethod
    def open(cls):
        Process(target=print, args=(cls,)).start()

    def close(self):
        Process(target=self.work).start()
        self.lock, self.name = threading.Lock(), "shop"

    def later(self):
        self.file = open("names")""",
    START
    + """def main():
    global work

    def work(number):
        return number + 1

    with Pool(2) as pool:
        pool.map(work, [1, 2])""",
    """import multiprocess

with multiprocess.Pool(2) as pool:
    pool.map(lambda number: number + 1, [1, 2])""",
)
