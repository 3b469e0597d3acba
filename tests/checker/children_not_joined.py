"""Short programs for the rule children-not-joined."""

HEAD = """from multiprocessing import Lock, Process, Queue

def work(lock):
    with lock:
        print("done")

"""

FOUND: tuple[str, ...] = (
    HEAD
    + """
if __name__ == "__main__":
    lock = Lock()
    for number in range(3):
        Process(target=work, args=(lock,)).start()  # here
""",
    HEAD
    + """
def start():
    lock = Lock()
    worker = Process(target=work, args=(lock,))
    worker.daemon = True
    worker.start()  # here
    print("started", len([1]))
""",
)

RIGHT: tuple[str, ...] = (
    HEAD
    + """
lock = Lock()

def main():
    lock = Lock()
    worker = Process(target=work, args=(lock,))
    worker.start()
    worker.join()

def start():
    worker = Process(target=work, args=(lock,))
    worker.start()

def kept():
    lock = Lock()
    worker = Process(target=work, args=(lock,))
    worker.start()
    return lock

def shared():
    global lock
    lock = Lock()
    worker = Process(target=work, args=(lock,))
    worker.start()

def listed(workers):
    lock = Lock()
    worker = Process(target=work, args=(lock,))
    workers.append(worker)
    worker.start()

class Runner:
    def start(self):
        lock = Lock()
        self.worker = Process(target=work, args=(lock,))
        self.worker.start()
        worker = Process(target=work, args=(lock,))
        self.other = worker
        worker.start()

def server():
    lock = Lock()
    Process(target=work, args=(lock,)).start()
    while True:
        pass

Runner().start()
Process(target=print).start()
""",
)
