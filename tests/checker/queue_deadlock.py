"""Short programs for the rule queue-deadlock."""

TARGET = """from multiprocessing import JoinableQueue, Process, Queue

def work(queue):
    queue.put(result())

def fill(queue):
    for number in range(10_000):
        queue.put(number)

"""

FOUND: tuple[str, ...] = (
    TARGET
    + """
def main():
    queue = Queue()
    worker = Process(target=work, args=(queue,))
    worker.start()
    worker.join()  # here
    print(queue.get())
""",
    TARGET
    + """
queue = JoinableQueue()
workers = [Process(target=work, args=(queue,)) for _ in range(3)]
for worker in workers:
    worker.start()
for worker in workers:
    worker.join()  # here
results = [queue.get() for _ in workers]
""",
    TARGET
    + """
queue = Queue()
worker = Process(target=fill, args=(queue,))
worker.start()
print(queue.get())
worker.join(1)  # here
""",
    """from multiprocessing import Process, Queue

class Worker(Process):
    def __init__(self, queue):
        super().__init__()
        self.queue = queue

    def run(self):
        self.queue.put([1] * 1000)

queue = Queue()
worker = Worker(queue)
worker.start()
worker.join()  # here
while not queue.empty():
    print(queue.get())
""",
    """from multiprocessing import Queue

def main():
    queue = Queue()
    print(queue.empty())
    queue.put(bytes(100_000))  # here
""",
    """from multiprocessing import *

queue = Queue()
queue.put(bytes(100_000))  # here

if __name__ == "__main__":
    print("begins")
""",
    """from multiprocessing import Process, Queue

def work(queue, times):
    for number in range(3):
        queue.put(number)
    for _ in range(times):
        queue.put(None)
    for name in "ab":
        queue.put(name)

queue = Queue()
worker = Process(target=work, args=(queue, int()))
worker.start()
worker.join()  # here
for item in iter(queue.get, None):
    print(item)
""",
    """from multiprocessing import Process, Queue

def work(queue):
    for _ in range(1000):
        for number in range(1000):
            queue.put(number)

queue = Queue()
worker = Process(target=work, args=(queue,))
worker.start()
worker.join()  # here
queue.get()
""",
    """from multiprocessing import Queue

if __name__ == "__main__":
    queue = Queue()
    while True:
        queue.put(1)  # here
""",
)


RIGHT: tuple[str, ...] = (
    TARGET
    + """def few(queue):
    queue.put([42, None, "hello"])
    queue.put(("the", "end"))

if __name__ == "__main__":
    queue = Queue()
    worker = Process(target=few, args=(queue,))
    worker.start()
    worker.join()
    print(queue.get(), queue.get())
""",
    TARGET
    + """
queue = Queue()
worker = Process(target=work, args=(queue,))
worker.start()
print(queue.get())
worker.join()
print(queue.get())
""",
    TARGET
    + """
queue = Queue()
worker = Process(target=work, args=(queue,))
worker.start()
worker.join(5)
print(queue.get())
""",
    TARGET
    + """
queue = Queue()
worker = Process(target=work, args=(queue,))
worker.start()
worker.terminate()
worker.join()
print(queue.get())
""",
    TARGET
    + """
def read(queue):
    print(queue.get())

queue, other = Queue(), Queue()
workers = [Process(target=part, args=(queue,)) for part in (work, read)]
for worker in workers:
    worker.start()
for worker in workers:
    worker.join()
other.get()
", ".join("ab")
""",
    """from multiprocessing import Process, Queue

def small(queue):
    queue.put(True)

def dropped(queue):
    queue.cancel_join_thread()
    queue.put([1] * 1000)

for target in (small, dropped):
    queue = Queue()
    worker = Process(target=target, args=(queue,))
    worker.start()
    worker.join()
    queue.get()
""",
    """from multiprocessing import Process, Queue

first = Queue()
worker = Process(target=print)
worker.start()
worker.join()

def work():
    first.put([1] * 1000)

worker = Process(target=work)
worker.start()
first.get()
worker.join()
queue = Queue()  # for who imports this file
queue.put(1)
second = Queue()
start(second)
second.put(1)
""",
    TARGET
    + """
class Runner:
    def __init__(self):
        self.queue = Queue()
        self.all = [Queue(), self.queue]
        self.worker = Process(target=fill, args=(self.queue,))
        self.other = Process(target=fill, args=(self.all[0],))

    def read(self):
        for item in iter(self.queue.get, None):
            print(item)
        print(self.all[0].get())
""",
    TARGET
    + """
def main():
    queues = {}
    queues["a"] = Queue()
    worker = Process(target=fill, args=(queues["a"],))
    worker.start()
    print(queues["a"].get())
    kept = Queue()
    kept.put(bytes(100_000))
    return kept
""",
    TARGET
    + """
from multiprocessing import Manager

def main():
    safe = Manager().Queue()
    worker = Process(target=fill, args=(safe,))
    worker.start()
    worker.join()
    queue = Queue()
    other = Process(target=fill, args=(queue,))
    other.start()
    for item in iter(queue.get, None):
        print(item)
    other.join()
    print(queue.get())
""",
    """from multiprocessing import Process, Queue

def work(queue):
    for number in range(3):
        queue.put(number)
    queue.put(None)

def main():
    queue = Queue()
    worker = Process(target=work, args=(queue,))
    worker.start()
    worker.join()
    print(queue.get())
    other = Queue()
    other.put("stop")
""",
    """from multiprocessing import Queue

def begin():
    global queue
    queue = Queue()  # for who imports this file
    queue.put(bytes(100_000))
""",
)
