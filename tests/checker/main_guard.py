"""Short programs for the rule main-guard."""

WORK = """import concurrent.futures
from multiprocessing import Manager, Pool, Process
from multiprocessing.managers import SharedMemoryManager

def work(number):
    print(number)

"""

FOUND: tuple[str, ...] = (
    WORK
    + """with Pool(2) as pool:  # here
    pool.map(work, [1, 2])""",
    WORK
    + """def main():
    worker = Process(target=work, args=(1,))
    worker.start()  # here
    Process(target=work, args=(2,)).start()

main()""",
    WORK
    + """def pool_of(number):
    return Pool(number)  # here

pool = pool_of(2)""",
    WORK + """names = Manager().dict()  # here""",
    WORK
    + """with SharedMemoryManager() as manager:  # here
    manager.ShareableList([1])""",
    WORK
    + """if __name__ != "__main__":
    print("imported")
executor = concurrent.futures.ProcessPoolExecutor()
executor.map(work, [1, 2])  # here""",
)

RIGHT: tuple[str, ...] = (
    """from multiprocessing import Pool

class Shop:
    def __init__(self):
        if __name__ == "__main__":
            self.pool = Pool()

def main():
    Pool().map(abs, [1])

def start():
    if __name__ == "__main__":
        main()

shop = Shop()
start()
""",
    WORK
    + """if __name__ == "__main__":
    with Pool(2) as pool:
        pool.map(work, [1, 2])""",
    WORK
    + """def main():
    Process(target=work, args=(1,)).start()

if __name__ == "__main__" and Manager:
    main()""",
    WORK + """worker = Process(target=work, args=(1,))""",
    WORK
    + """from multiprocessing import set_start_method
set_start_method("fork")
Process(target=work, args=(1,)).start()""",
    WORK
    + """from multiprocessing import current_process, parent_process
if parent_process() is None:
    if work:
        Process(target=work, args=(1,)).start()
elif current_process().name == "MainProcess":
    Process(target=work, args=(1,)).start()""",
)
