"""Short programs for the rule globals."""

START = """from multiprocessing import Process
import shop

rate = 1

names, prices = [], {}

class Tax:
    percent = 19

"""
WORK = """def work():
    print(rate)

"""

FOUND: tuple[str, ...] = (
    """from multiprocessing import Manager, Process

def work():
    list.append(1)  # here

if __name__ == "__main__":
    list = Manager().list()
    Process(target=work).start()
""",
    START
    + """def work():
    print(other)  # here

if __name__ == "__main__":
    other = 3
    Process(target=work).start()""",
    START
    + WORK.replace("(rate)", "(rate)  # here")
    + """def main():
    global rate
    rate = 2
    Process(target=work).start()

if __name__ == "__main__":
    main()""",
    START
    + """class Worker(Process):
    def run(self):
        print(Tax.percent)  # here

if __name__ == "__main__":
    Tax.percent = 7
    Worker().start()""",
    START
    + """def work():
    print(names, prices)  # here

def main():
    names.append("Ada")
    Process(target=work).start()

if __name__ == "__main__":
    main()""",
    START
    + """def work():
    print(names, prices)  # here

def main():
    names[:] = ["Ada"]
    Process(target=work).start()

if __name__ == "__main__":
    main()""",
    START
    + """def work():
    print(shop.rate)  # here

if __name__ == "__main__":
    shop.rate = 7
    Process(target=work).start()""",
)

RIGHT: tuple[str, ...] = (
    START
    + """def work():
    print(names.copy(), prices)

def main():
    print(names.copy(), prices[0])
    names.count(1)
    Process(target=work).start()
    prices["tea"] = 3

if __name__ == "__main__":
    main()""",
    START
    + WORK
    + """if __name__ == "__main__":
    Process(target=work).start()
    rate = 2""",
    START
    + """def work(given):
    global rate
    rate = given
    print(rate)

def main():
    global rate
    rate = 2
    Process(target=work, args=(3,)).start()
    print(rate)

if __name__ == "__main__":
    main()""",
    START
    + """from shop import *

def work():
    print(other)

if __name__ == "__main__":
    other = 3
    Process(target=work).start()""",
)
