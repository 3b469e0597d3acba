"""Short programs for the rule queue-deadlock."""

TARGET = """from multiprocessing import JoinableQueue, Process, Queue

def work(queue):
    queue.put(result())

def fill(queue):
    for number in range(9):
        queue.put(1)

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
)

RIGHT: tuple[str, ...] = (
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
)
