"""Short programs for the rule pool-argument."""

START = """from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import Event, Lock, Manager, Pool, Process, Queue

def work(number, lock=None):
    print(number)

"""

FOUND: tuple[str, ...] = (
    START
    + """def main():
    lock = Lock()
    with Pool(2) as pool:
        pool.apply_async(work, (1, lock))  # here""",
    START
    + """def main():
    lock = Lock()
    with Pool(2) as pool:
        pool.map(work, [(number, lock) for number in range(3)])  # here""",
    START
    + """def main():
    lock = Lock()
    with Pool(2) as pool:
        pool.starmap(work, [(number, lock) for number in range(3)])  # here""",
    START
    + """def main(executor: ProcessPoolExecutor):
    queue = Queue()
    with ProcessPoolExecutor() as executor:
        executor.map(partial(work, lock=queue), range(3))  # here""",
    START
    + """class Shop:
    def __init__(self):
        self.pool = Pool(2)

    def work(self, number):
        print(number)

    def open(self):
        self.pool.map(self.work, range(3))  # here""",
    START
    + """class Shop:
    def __init__(self):
        self.pool = ThreadPoolExecutor(2)
        self.closed = Event()

    def work(self):
        print("work")

    def open(self):
        Process(target=self.work).start()  # here""",
    START
    + """class Shop:
    def __init__(self):
        self.workers = []

    def work(self):
        print("work")

    def open(self):
        for number in range(3):
            worker = Process(target=self.work)  # here
            worker.start()
            self.workers.append(worker)""",
    START
    + """class Shop:
    def work(self):
        print("work")

    def open(self):
        self.workers = [Process(target=self.work) for number in range(3)]  # here""",
)

RIGHT: tuple[str, ...] = (
    START
    + """def main():
    lock = Manager().Lock()
    with Pool(2, initializer=work, initargs=(1, Lock())) as pool:
        pool.apply_async(work, (1, lock))
    with ThreadPoolExecutor() as executor:
        executor.submit(work, 1, Lock())
    Process(target=work, args=(1, Lock())).start()""",
    START
    + """class Shop:
    def __init__(self):
        self.lock = Lock()

    def work(self):
        print("work")

    def open(self):
        self.worker = Process(target=self.work)
        workers = []
        for number in range(3):
            workers.append(Process(target=self.work))""",
)
