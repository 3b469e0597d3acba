"""Short programs for the rule fork-with-threads."""

HEAD = """from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import Pool, Process, get_context
from multiprocessing.pool import ThreadPool
from threading import Thread, Timer

"""

FOUND = tuple(
    HEAD + text
    for text in (
        """
def start(number):
    Process(target=print, args=(number,)).start()  # here

with ThreadPoolExecutor() as executor:
    executor.map(start, range(4))
""",
        """
def start():
    worker = Process(target=print)
    worker.start()  # here

def main():
    thread = Thread(target=start)
    thread.start()
    thread.join()
""",
        """
def hello():
    for _ in range(1000):
        print("hello")

def with_thread():
    Thread(target=hello).start()

def with_process():
    Process(target=print).start()  # here

with_thread()
with_process()
""",
        """
def hello():
    copy()

def with_thread():
    Thread(target=hello).start()

def with_process():
    Process(target=print).start()  # here

with_thread()
with_process()
""",
        """
Thread(target=print).start()
worker = Process(target=print)
worker.start()  # here
worker.start()
""",
        """
def main():
    timer = Timer(1, print)
    timer.start()
    with Pool() as pool:  # here
        pool.map(abs, [1])
""",
        """
threads = ThreadPoolExecutor()
threads.submit(print)
executor = ProcessPoolExecutor()
executor.submit(print)  # here
""",
        """
with ThreadPool() as threads:
    threads.map(print, [1])
    get_context("fork").Process(target=print).start()  # here
""",
        """
def watch():
    Thread(target=print).start()

def work():
    Process(target=print).start()  # here

watch()
work()
""",
    )
)

RIGHT = tuple(
    HEAD + text
    for text in (
        """
def start(number):
    get_context("spawn").Process(target=print, args=(number,)).start()

with ThreadPoolExecutor() as executor:
    executor.map(start, range(4))
""",
        """
def hello():
    print("hello")

def with_thread():
    Thread(target=hello).start()

def with_process():
    Process(target=print).start()

with_thread()
with_process()
""",
        """
Process(target=print).start()
thread = Thread(target=print)
thread.start()
""",
        """
thread = Thread(target=print)
thread.start()
thread.join()
Process(target=print).start()
with ThreadPoolExecutor() as threads:
    threads.submit(print)
Process(target=print).start()
""",
        """
thread = Thread(target=print)
thread.start()
get_context(method).Process(target=print).start()

def waited():
    other = Thread(target=print)
    other.start()
    other.join()

waited()

def work():
    Process(target=print).start()

work()
pool = get_context(method).Pool()
""",
    )
)
