"""Without a main guard, a Manager starts only under fork."""

from multiprocessing import Array, Manager, Queue, Value

visitors = Value("i", 0)
temperatures = Array("d", 5)
orders = Queue()
with Manager() as manager:
    prices = manager.dict(apple=3)
    orders.put("apple")
    order = orders.get()
    print(visitors.value, temperatures[:], order, prices[order])
