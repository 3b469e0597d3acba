"""Short programs for the rule queue."""

START = """from concurrent.futures import ProcessPoolExecutor
from multiprocessing import JoinableQueue, Manager, Pool, Queue
import numpy as np

orders = Queue()
"""

FOUND: tuple[str, ...] = (
    START + "order = {}\norders.put(order)\norder['crates'] = 99  # here\n",
    START + "order = [1]\norders.put(order)\norder.append(99)  # here\n",
    START + "order = [1]\norders.put(order)\norder += [99]  # here\n",
    START
    + """def feed():
    batch = []
    for item in range(9):
        batch.append(item)
        if len(batch) == 3:
            orders.put(batch)
            batch.clear()  # here
""",
    START
    + """def feed():
    picture = np.zeros(9)
    while True:
        picture[:] = 1  # here
        orders.put(picture)
""",
    START
    + """class Order:
    pass

def feed():
    order = Order()
    for number in range(9):
        order.number = number  # here
        orders.put(order)
""",
    START
    + """def feed():
    order = {}
    with Pool() as pool:
        for number in range(9):
            order["number"] = number  # here
            pool.apply_async(print, (order,))
""",
    START
    + """def feed():
    order = {}
    with ProcessPoolExecutor() as executor:
        executor.submit(print, order)
        order.update(number=1)  # here
""",
)

RIGHT: tuple[str, ...] = (
    START + "order = {}\norders.put(dict(order))\norder['crates'] = 99\n",
    START + "order = {}\norders.put(order)\norder = {}\norder['crates'] = 99\n",
    START + "order = {}\norders.put(order)\nanswers.get()\norder['crates'] = 99\n",
    START + "order = Manager().dict()\norders.put(order)\norder['crates'] = 99\n",
    START + "order = 1\norders.put(order)\norder += 1\n",
    START + "order = read()\norders.put(order)\norder.clear()\nprint(order.size, order)\n",
    START
    + """def feed():
    batch = []
    for item in range(9):
        batch.append(item)
        if len(batch) == 3:
            orders.put(batch)
            batch = []
""",
    START
    + """def feed():
    for number in range(9):
        order = {}
        order["number"] = number
        orders.put(order)
""",
    START
    + """def feed():
    order = {}
    for number in range(9):
        order["number"] = number
        orders.put(order)
        answers.get()
""",
    START
    + """def feed():
    order = {}
    for number in range(9):
        orders.put(order)
    order = {}
    for number in range(9):
        orders.put(number)
        print(order["a"], order.items())
""",
    START
    + """def feed():
    order = {}
    for number in range(9):
        orders.put(order)
    order.clear
""",
)
