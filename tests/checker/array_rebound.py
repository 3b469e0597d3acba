"""Short programs for the rule array-rebound."""

START = """from multiprocessing import Array, Manager, Process, Value
import numpy as np

"""
END = """

def main():
    stock, count, names = Array("i", 3), Value("i", 0), Manager().dict()
    Process(target=work, args=(stock, count, names)).start()
"""

FOUND: tuple[str, ...] = (
    START
    + """def work(stock, count, names):
    stock = [pieces + 10 for pieces in stock]  # here
    print(stock)"""
    + END,
    START
    + """def work(stock, count, names):
    count = 5  # here"""
    + END,
    START
    + """def work(stock, count, names):
    names = {"Ada": 1}  # here"""
    + END,
    START
    + """def work(stock, count, names):
    view = np.frombuffer(stock.get_obj())
    view = np.sqrt(view)  # here"""
    + END,
    START
    + """shared = Array("i", 3)

def work(stock, count, names):
    global shared
    shared = [1, 2, 3]  # here"""
    + END,
)

RIGHT: tuple[str, ...] = (
    START
    + """def work(stock, count, names):
    stock = np.frombuffer(stock.get_obj())
    stock *= 2
    count = None"""
    + END,
    START
    + """def work(stock, count, names):
    stock = [pieces + 10 for pieces in stock]
    return sum(stock)"""
    + END,
    START
    + """def work(stock, count, names):
    number = 5
    stock[:] = [1, 2, 3]
    count.value = number
    names = names.copy()
    for _ in range(3):
        print(stock)
        len(stock)
        stock = [1, 2, 3]"""
    + END,
    START
    + """def work(stock, count, names):
    view = np.zeros(3)
    if number:
        other = 5
    view = view + 1"""
    + END,
)
