"""Short programs for the rule lock-holder-killed."""

HEAD = """from multiprocessing import Condition, Lock, Process, Queue

def work(lock, queue):
    with lock:
        queue.put([1] * 1000)

def take(lock):
    lock.acquire()
    lock.release()

"""

FOUND: tuple[str, ...] = (
    HEAD
    + """
def main():
    lock, queue = Lock(), Queue()
    worker = Process(target=work, args=(lock, queue))
    worker.start()
    worker.terminate()
    with lock:  # here
        print(queue.get(timeout=1))  # here
    with lock:
        print("again")
""",
    HEAD
    + """
lock = Condition()
workers = [Process(target=take, args=(lock,)) for _ in range(3)]
for worker in workers:
    worker.start()
for worker in workers:
    worker.kill()
lock.acquire()  # here
""",
)

RIGHT: tuple[str, ...] = (
    HEAD
    + """
lock, queue, other = Lock(), Queue(), Lock()
worker = Process(target=work, args=(lock, queue))
worker.start()
with lock, open("report"):
    print(queue.get())
if late:
    worker.terminate()
    raise TimeoutError
lock.acquire()
worker.terminate()
lock.acquire(timeout=1)
lock.acquire(False)
lock.acquire(block=False)
queue.get_nowait()
other.acquire()
server.kill()
""",
)
