"""Short programs for the rule race."""

START = """from multiprocessing import Array, Lock, Manager, Pool, Process, RawArray, Value
"""

FOUND: tuple[str, ...] = (
    START
    + """
def left(counts, index):
    counts[0] += 1  # here

def right(counts, index):
    counts[0] += 1  # here
    counts[index] = counts[index] + 1

def main():
    counts = Array("i", 2)
    Process(target=left, args=(counts, 1)).start()
    Process(target=right, args=(counts, 1)).start()
""",
    START
    + """
def work(counter):
    counter.value += 1  # here

def main():
    counter = Value("i", 0)
    workers = [Process(target=work, args=(counter,)) for _ in range(4)]
""",
    START
    + """
class Worker(Process):
    def __init__(self, counter):
        super().__init__()
        self.counter = counter

    def run(self):
        self.counter.value = self.counter.value + 1  # here

def main():
    counter = Value("i", 0)
    Worker(counter).start()
    Worker(counter).start()
""",
    START
    + """
best = Value("d", 0.0)

def work(score):
    if score > best.value:
        best.value = score  # here

def main():
    with Pool() as pool:
        pool.map(work, [1, 2, 3])
""",
    START
    + """
def work(words, counts):
    for word in words:
        counts[word] = counts.get(word, 0) + 1  # here

def main():
    counts = Manager().dict()
    pool = Pool()
    for words in [["a"], ["b"]]:
        pool.apply_async(work, (words, counts))
""",
    START
    + """
def work(totals):
    for part in range(3):
        totals[part] += 1  # here

def main():
    totals = Array("i", 3)
    for _ in range(2):
        Process(target=work, args=(totals,)).start()
""",
    START
    + """
def work(state):
    state.done += 1  # here

def main():
    state = Manager().Namespace()
    workers = [Process(target=work, args=(state,)) for _ in range(2)]
""",
    START
    + """
def work(counter):
    for _ in range(9):
        counter.value += 1  # here

def main():
    counter = Value("i", 0)
    worker = Process(target=work, args=(counter,))
    worker.start()
    counter.value = 5
    worker.join()
""",
    START
    + """
def add(counter):
    counter.value += 1  # here

def reset(counter):
    counter.value = 0

def main():
    counter = Value("i", 0)
    Process(target=add, args=(counter,)).start()
    Process(target=reset, args=(counter,)).start()
""",
    START
    + """
import numpy as np

def work(memory):
    view = np.frombuffer(memory.get_obj())
    view += 1  # here

def main():
    memory = Array("d", 9)
    for _ in range(2):
        Process(target=work, args=(memory,)).start()
""",
    START
    + """
import numpy as np
from multiprocessing.shared_memory import SharedMemory

def work(name):
    block = SharedMemory(name)
    view = np.ndarray((9,), buffer=block.buf)
    view[:] += 1  # here

def main():
    for _ in range(2):
        Process(target=work, args=("block",)).start()
""",
    START
    + """
def work(counter):
    counter.value += 1  # here

def main():
    for _ in range(3):
        counter = Value("i", 0)
        workers = [Process(target=work, args=(counter,)) for _ in range(4)]
""",
    START
    + """
def work(counter):
    counter.value += 1  # here

def main():
    counter = Value("i", 0)
    first = Process(target=work, args=(counter,))
    second = Process(target=work, args=(counter,))
    first.start()
    second.start()
    first.join()
    second.join()
""",
    START
    + """
def one(counter):
    counter.value += 1  # here

def other(counter):
    counter.value = 0

def main():
    counter = Value("i", 0)
    begin(counter)
    worker = Process(target=one, args=(counter,))
    worker.start()
    worker.join()

def begin(counter):
    Process(target=other, args=(counter,)).start()
""",
    START
    + """
class Worker(Process):
    def run(self):
        counter.value += 1  # here

def reset(counter):
    counter.value = 0

counter = Value("i", 0)
if __name__ == "__main__":
    worker = Process(target=reset, args=(counter,))
    worker.start()
    worker.join()
    Worker().start()
""",
    START
    + """
def one(counter):
    counter.value += 1  # here

def other(counter):
    counter.value = 0

def main():
    counter = Value("i", 0)
    for _ in range(3):
        first = Process(target=one, args=(counter,))
        first.start()
        first.join()
        second = Process(target=other, args=(counter,))
        second.start()
""",
    START
    + """
def start(number):
    global counter
    counter = number

def work(_):
    counter.value += 1  # here

number = Value("i", 0)
with Pool(initializer=start, initargs=(number,)) as pool:
    pool.map(work, range(9))
""",
)

RIGHT: tuple[str, ...] = (
    START
    + """
def left(counts):
    counts[0] += 1

def right(counts):
    counts[1] += 1

def main():
    counts = Array("i", 2)
    Process(target=left, args=(counts,)).start()
    Process(target=right, args=(counts,)).start()
""",
    START
    + """
def work(counter):
    with counter.get_lock():
        counter.value += 1

def main():
    counter = Value("i", 0)
    workers = [Process(target=work, args=(counter,)) for _ in range(4)]
""",
    START
    + """
def work(counter, lock):
    with lock:
        add(counter)

def add(counter):
    if counter:
        counter.value += 1

def main():
    counter = Value("i", 0)
    workers = [Process(target=work, args=(counter, Lock())) for _ in range(4)]
""",
    START
    + """
def work(counter, lock):
    lock.acquire()
    counter.value += 1
    lock.release()

def main():
    counter = Value("i", 0)
    lock = Lock()
    workers = [Process(target=work, args=(counter, lock)) for _ in range(4)]
""",
    START
    + """
def work(counter):
    counter.value += 1

def main():
    counter = Value("i", 0)
    worker = Process(target=work, args=(counter,))
    worker.start()
    worker.join()
    counter.value += 1
""",
    START
    + """
def work(counter):
    counter.value += 1

def main():
    counter = Value("i", 0)
    for _ in range(3):
        worker = Process(target=work, args=(counter,))
        worker.start()
        worker.join()
""",
    START
    + """
def work(number, totals, counts):
    totals[number] += 1
    totals[number % 2] += 1
    totals[0:2] = [1, 2]
    counts.value = 1
    for i in range(number, number + 2):
        totals[i] += 1

def main():
    totals = Array("i", 3)
    counts = Value("i", 0)
    for number in range(3):
        Process(target=work, args=(number, totals, counts)).start()
""",
    START
    + """
def work(counter):
    counter.value += 1

def main():
    for _ in range(3):
        counter = Value("i", 0)
        Process(target=work, args=(counter,)).start()
""",
    START
    + """
class Worker(Process):
    def __init__(self):
        super().__init__()
        self.counter = Value("i", 0)

    def run(self):
        self.counter.value += 1

def main():
    workers = [Worker() for _ in range(4)]
""",
    START
    + """
def work(counter):
    counter.value += 1

def main():
    counter = Value("i", 0)
    pool = Pool(1)
    pool.map(work, [counter] * 3)
    pool.apply(work, (counter,))
""",
    START
    + """
import numpy as np

def work(memory, held, done):
    view = np.frombuffer(memory)
    view = view + 1
    local = np.zeros(3)
    local += 1
    with held:
        done.value += 1

def main():
    done = Value("i", 0)
    for held in [Lock(), Lock()]:
        Process(target=work, args=(RawArray("d", 9), held, done)).start()
""",
    START
    + """
def work(counter):
    counter.value += 1

def main():
    counter = Value("i", 0)
    Pool(processes=1, initializer=work, initargs=(counter,))
""",
    START
    + """
def work(counter):
    counter.value += 1

def locked(counter, lock):
    with lock:
        counter.value += 1

if __name__ == "__main__":
    counter, lock = Value("i", 0), Lock()
    worker = Process(target=work, args=(counter,))
    worker.start()
    worker.join()
    again = Process(target=work, args=(counter,))
    again.start()
    again.join()
    others = [Process(target=locked, args=(counter, lock)) for _ in range(3)]
    for worker in others:
        worker.start()
    for worker in others:
        worker.join()
""",
)
