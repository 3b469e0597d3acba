"""Short programs for the rule ordinary-objects."""

START = """from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool, Process, Queue
from threading import Thread

"""

FOUND: tuple[str, ...] = (
    START
    + """def work(found):
    found.append(1)  # here
    found.append(2)

def main():
    found = []
    worker = Process(target=work, args=(found,))
    worker.start()
    worker.join()
    print(found)
""",
    START
    + """total = 0

def work(number):
    global total
    total += number  # here

def main():
    with Pool() as pool:
        pool.map(work, range(9))
    print(total)

main()
""",
    START
    + """total = 0

def work():
    global total
    total = 5  # here

def main():
    Process(target=work).start()

def report():
    if total > 3:
        print(total)

main()
report()
""",
    START
    + """sizes = {}

def work(name):
    sizes[name] = len(name)  # here

def main():
    with ProcessPoolExecutor() as executor:
        executor.map(work, ["a", "b"])
    return sizes["a"]
""",
    START
    + """sizes = {}

def work(name):
    sizes["a"] = len(name)  # here
    return name

def main():
    Process(target=work, args=("a",)).start()
    print(sizes["b"], sizes["a"])
""",
    START
    + """class Sensor(Process):
    def run(self):
        self.found = [1]  # here
        return self.found

def main():
    sensor = Sensor()
    sensor.start()
    sensor.join()
    print(sensor.found)
""",
    START
    + """class Count:
    done = 0

def work():
    Count.done += 1  # here

def main():
    Process(target=work).start()
    print(Count.done)
""",
    START
    + """class Crew:
    def __init__(self):
        self.found = []

    def work(self):
        self.found.append(1)  # here

    def main(self):
        worker = Process(target=self.work)
        worker.start()
        worker.join()
        return self.found
""",
    START
    + """def work(found):
    found += [1]  # here

def main():
    found = []
    Process(target=work, args=(found,)).start()
    for item in found:
        print(item)
""",
)

RIGHT: tuple[str, ...] = (
    START
    + """def work(found, results):
    found.append(1)
    results.put(found)

def main():
    found, results = [], Queue()
    Process(target=work, args=(found, results)).start()
    print(found)
""",
    START
    + """def work(found):
    found.append(1)
    return found

def main():
    found = []
    with Pool() as pool:
        print(pool.apply(work, (found,)))
    print(found)
""",
    START
    + """def work(found):
    found.append(1)

def main():
    found = []
    print(found)
    Process(target=work, args=(found,)).start()
    Process(target=work, args=(found,)).start()
""",
    START
    + """def work(found):
    found.append(1)
    own = []
    own.append(1)
    number = 0
    number += 1

def main():
    found = []
    Process(target=work, args=(found,)).start()
    found.append(2)
    print(found)
""",
    START
    + """found = {}

def work():
    found["a"] = 1

def main():
    Process(target=work).start()
    Thread(target=work).start()
    print(found)
""",
    START
    + """found = {}

def work():
    found["a"] = 1

def main():
    Process(target=work).start()
    work()
    print(found)
""",
    START
    + """found = {}

def work(name):
    found["a"] = name
    name.size = 1
    make().size = 1

def main():
    Process(target=work).start()
    show(found)
    print(found["b"])
""",
    START
    + """found = {}

def begin():
    global found
    found = {"a": 1}

def main():
    with Pool(initializer=begin) as pool:
        pool.map(len, ["a"])
    print(found)
""",
    START
    + """found = {}

def work():
    found["a"] = 1

def main():
    Process(target=work).start()
    found["a"] = 2
    print(found)
""",
    START
    + """def work(queue):
    queue.size = 1
    global shared
    shared = Queue()

def main():
    queue = Queue()
    Process(target=work, args=(queue,)).start()
    print(queue.size, shared)
""",
)
