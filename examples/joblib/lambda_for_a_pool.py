# /// script
# dependencies = ["cloudpickle"]
# ///
"""A lambda for an ordinary executor, pickled by cloudpickle."""

import pickle
from concurrent.futures import ProcessPoolExecutor

import cloudpickle

rate = 2


def call(pickled, price):
    return pickle.loads(pickled)(price)


def main():
    global rate
    pickled = cloudpickle.dumps(lambda price: price * rate)
    rate = 3
    with ProcessPoolExecutor(2) as executor:
        tasks = [executor.submit(call, pickled, p) for p in range(4)]
        print(*(task.result() for task in tasks))


if __name__ == "__main__":
    main()
