"""Short programs for the rule thread-objects."""

START = """import queue
import threading
from multiprocessing import Lock, Pool, Process

lock = threading.Lock()

"""

FOUND: tuple[str, ...] = (
    START
    + """def main():
    Process(target=print, args=(1, queue.Queue())).start()  # here""",
    START
    + """def main():
    closed = threading.Event()
    Pool(2).map(print, [closed])  # here""",
    START
    + """def work(number):
    with lock:  # here
        print(number)

def main():
    Pool(2).map(work, range(3))""",
)

RIGHT: tuple[str, ...] = (
    START
    + """def work(number):
    with lock:
        threading.Thread(target=print).start()

def main():
    Pool(2).map(work, range(3))""",
    START
    + """def work(number):
    with open("names") as file, Lock():
        print(number, file)

def main():
    Pool(2).map(work, range(3))""",
    START
    + """def work(number, given):
    with given:
        print(number)

def main():
    Process(target=work, args=(1, Lock())).start()""",
    START
    + """other = Lock()

def work(number):
    with other:
        print(number)

def main():
    Pool(2).map(work, range(3))""",
    """import queue
from multiprocess import Process

Process(target=print, args=(queue.Queue(),)).start()""",
)
