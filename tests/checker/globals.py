"""Short programs for the rule globals."""

START = """from multiprocessing import Process
import shop

rate = 1

names, prices = [], {}

class Tax:
    percent = 19

"""
WORK = """def work():
    print(rate)

"""

OBJECTS = """from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Array, Barrier, Event, Lock, Pool, Process, Queue, RawArray, Value

lock = Lock()
orders = Queue()
total = Value("i", 0)
prices = Array("d", 3)
closed = Event()

"""

FOUND: tuple[str, ...] = (
    """from multiprocessing import Manager, Process

def work():
    list.append(1)  # here

if __name__ == "__main__":
    list = Manager().list()
    Process(target=work).start()
""",
    START
    + """def work():
    print(other)  # here

if __name__ == "__main__":
    other = 3
    Process(target=work).start()""",
    START
    + WORK.replace("(rate)", "(rate)  # here")
    + """def main():
    global rate
    rate = 2
    Process(target=work).start()

if __name__ == "__main__":
    main()""",
    START
    + """class Worker(Process):
    def run(self):
        print(Tax.percent)  # here

if __name__ == "__main__":
    Tax.percent = 7
    Worker().start()""",
    START
    + """def work():
    print(names, prices)  # here

def main():
    names.append("Ada")
    Process(target=work).start()

if __name__ == "__main__":
    main()""",
    START
    + """def work():
    print(names, prices)  # here

def main():
    names[:] = ["Ada"]
    Process(target=work).start()

if __name__ == "__main__":
    main()""",
    START
    + """def work():
    print(shop.rate)  # here

if __name__ == "__main__":
    shop.rate = 7
    Process(target=work).start()""",
    OBJECTS
    + """def work(number):
    with lock:  # here
        print(number)

def main():
    with Pool() as pool:
        pool.map(work, range(3))

if __name__ == "__main__":
    main()""",
    OBJECTS
    + """def work(number):
    with total.get_lock():  # here
        total.value += number

if __name__ == "__main__":
    with ProcessPoolExecutor() as executor:
        list(executor.map(work, range(3)))
    print(total.value)""",
    OBJECTS
    + """def work():
    orders.put("tea")  # here

if __name__ == "__main__":
    worker = Process(target=work)
    worker.start()
    print(orders.get())
    worker.join()""",
    OBJECTS
    + """class Worker(Process):
    def run(self):
        closed.wait()  # here

def main():
    worker = Worker()
    worker.start()
    closed.set()
    worker.join()""",
    OBJECTS
    + """def work():
    prices[0] = 2.5  # here

def main():
    worker = Process(target=work)
    worker.start()
    worker.join()
    print(list(prices))""",
    OBJECTS
    + """def put():
    orders.put("tea")  # here

def get():
    print(orders.get())

def main():
    workers = [Process(target=put), Process(target=get)]
    for worker in workers:
        worker.start()""",
    OBJECTS
    + """def work():
    print(lock.acquire(block=False))  # here

def main():
    with lock:
        worker = Process(target=work)
        worker.start()
        worker.join()""",
    OBJECTS
    + """gate = Barrier(3)

def work():
    gate.wait()  # here

def main():
    workers = [Process(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()""",
    OBJECTS
    + """def work(number):
    total.value += number  # here

def main():
    total.value = 100
    with ProcessPoolExecutor() as executor:
        executor.submit(work, 1)""",
)

RIGHT: tuple[str, ...] = (
    START
    + """def work():
    print(names.copy(), prices)

def main():
    print(names.copy(), prices[0])
    names.count(1)
    Process(target=work).start()
    prices["tea"] = 3

if __name__ == "__main__":
    main()""",
    START
    + WORK
    + """if __name__ == "__main__":
    Process(target=work).start()
    rate = 2""",
    START
    + """def work(given):
    global rate
    rate = given
    print(rate)

def main():
    global rate
    rate = 2
    Process(target=work, args=(3,)).start()
    print(rate)

if __name__ == "__main__":
    main()""",
    START
    + """from shop import *

def work():
    print(other)

if __name__ == "__main__":
    other = 3
    Process(target=work).start()""",
    OBJECTS
    + """def work(lock, number):
    with lock:
        orders.put(number)
        total.value = number

def main():
    workers = [Process(target=work, args=(lock, number)) for number in range(3)]
    for worker in workers:
        worker.start()""",
    OBJECTS
    + """def begin(given, other):
    global lock
    lock = given
    globals()["total"] = other

def work(number):
    with lock:
        total.value += number

def main():
    with Pool(initializer=begin, initargs=(lock, total)) as pool:
        pool.map(work, range(3))
    print(total.value)""",
    OBJECTS
    + """def begin(given):
    global total
    total = given

def work(number):
    with total.get_lock():
        total.value += number

def main():
    with Pool(initializer=begin, initargs=(total,)) as pool:
        pool.map(work, range(3))
    print(total.value)""",
    OBJECTS
    + """days = RawArray("i", [31, 28, 31])

def work(number):
    with lock:
        print(days[number], prices, closed.is_set(), len(days))
        for price in prices:
            print(price)
    orders.task_done
    prices[number] = number

def stop():
    closed.set()

def main():
    with lock:
        print(days[0], total.value)
    worker = Process(target=work, args=(2,))
    worker.start()
    worker.join()""",
    OBJECTS
    + """def work(number):
    with lock:
        print(number)

with Pool() as pool:
    pool.map(work, range(3))""",
    OBJECTS
    + """from multiprocessing import set_start_method

def work(number):
    with lock:
        print(number)

if __name__ == "__main__":
    set_start_method("fork")
    with Pool() as pool:
        pool.map(work, range(3))""",
    OBJECTS
    + """other = Lock() if input() else None

def work(number):
    with other:
        print(number)

def main():
    with Pool() as pool:
        pool.map(work, range(3))""",
    OBJECTS
    + """def work(number):
    with lock:
        print(number)

def main():
    with Pool(1) as pool:
        pool.map(work, range(3))
    with Pool() as pool:
        pool.apply(work, (3,))""",
)
