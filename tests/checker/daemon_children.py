"""Short programs for the rule daemon-children."""

START = """from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Manager, Pool, Process

"""
POOL = """def pooled(number):
    with Pool(2) as pool:
        return pool.map(abs, range(number))
"""
MARKED = POOL.replace(" as pool:", " as pool:  # here")

FOUND: tuple[str, ...] = (
    START
    + MARKED
    + """
def main():
    with Pool(2) as pool:
        pool.map(pooled, [1, 2])
        pool.apply(pooled, (1,))""",
    START
    + MARKED
    + """
def work(number):
    pooled(number)

def main():
    Process(target=work, args=(3,), daemon=True).start()""",
    START
    + MARKED
    + """
def main():
    worker = Process(target=pooled, args=(3,))
    worker.daemon = True
    worker.start()""",
    START
    + """class Shop(Process):
    def __init__(self):
        super().__init__()
        self.daemon = True

    def run(self):
        Manager()  # here
""",
    START
    + """class Shop(Process):
    def run(self):
        Manager()  # here

Shop(daemon=True)""",
)

RIGHT: tuple[str, ...] = (
    START
    + POOL
    + """
def main():
    with ProcessPoolExecutor(2) as executor:
        executor.map(pooled, [1, 2])
    worker = Process(target=pooled, args=(3,), daemon=False)
    worker.start()
    unknown.daemon = True
    other = worker.daemon = False""",
    START
    + """class Shop(Process):
    def run(self):
        Manager()

Shop()""",
    START
    + POOL
    + """
def main():
    quick = True
    Process(target=print, daemon=True).start()
    worker = Process(target=pooled, args=(3,))
    worker.name = True
    worker.start()""",
)
