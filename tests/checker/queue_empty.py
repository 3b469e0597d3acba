"""Short programs for the rule queue-empty."""

FOUND: tuple[str, ...] = (
    """from multiprocessing import Process, Queue

def fill(queue):
    queue.put("red")

def read(queue):
    while not queue.empty():  # here
        print(queue.get())

if __name__ == "__main__":
    queue = Queue()
    writer = Process(target=fill, args=(queue,))
    reader = Process(target=read, args=(queue,))
    writer.start()
    reader.start()
    writer.join()
    reader.join()
""",
    """from multiprocessing import Process, Queue

def work(queue):
    while not queue.empty():  # here
        print(queue.get())

queue = Queue()
queue.put(1)
Process(target=work, args=(queue,)).start()
""",
    """from multiprocessing import JoinableQueue, Process

def work(queue):
    while True:  # here
        print("next")
        if queue.empty():
            break
        print(queue.get_nowait())

Process(target=work, args=(JoinableQueue(),)).start()
""",
    """from multiprocessing import Process, Queue

def main():
    queue = Queue()
    Process(target=fill, args=(queue,)).start()
    while running and queue.qsize() > 0:  # here
        print(queue.get())
""",
    """from multiprocessing import Process, Queue

queue = Queue()
while queue.qsize() != 0:  # here
    print(queue.get())
while 1:  # here
    if queue.qsize() == 0:
        break
    print(queue.get())
while not queue.qsize() == 0:  # here
    print(queue.get())
""",
)

FOUND += (
    """import os
from multiprocessing import JoinableQueue, Queue

def main():
    tasks, results = JoinableQueue(), Queue()
    print(os.path.join("a", "b"))
    tasks.join()
    while not results.empty():  # here
        show(results)
""",
)

RIGHT: tuple[str, ...] = (
    """from multiprocessing import Process, Queue

def fill(queue):
    queue.put("red")

def read(queue):
    while not queue.empty():
        print(queue.get())

if __name__ == "__main__":
    queue = Queue()
    writer = Process(target=fill, args=(queue,))
    reader = Process(target=read, args=(queue,))
    writer.start()
    writer.join()
    reader.start()
    reader.join()
""",
    """from multiprocessing import Process, Queue

queue = Queue()
worker = Process(target=fill, args=(queue,))
worker.start()
worker.join()
while not queue.empty():
    print(queue.get())
""",
    """import queue

tasks = queue.Queue()
while not tasks.empty():
    print(tasks.get())
""",
    """from multiprocessing import Process, Queue

def clear(queue):
    while not queue.empty():
        queue.get()

queue = Queue()
clear(queue)
while not queue.empty():
    print("waits")
while queue.empty():
    print(queue.get())
while worker.is_alive() or not queue.empty():
    print(queue.get())
while True:
    if queue.qsize() > 3:
        break
    print(queue.get())
while True:
    while not queue.empty():
        print(queue.get())
    if done:
        break
""",
)
