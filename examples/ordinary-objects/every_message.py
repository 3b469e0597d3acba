"""What Python says of objects that cannot be pickled."""

import pickle
import sqlite3
import threading
from contextlib import closing

full_price = lambda price: price  # noqa: E731


def explain(thing):
    try:
        pickle.dumps(thing)
    except (AttributeError, TypeError, pickle.PicklingError) as error:
        print(f"{type(error).__name__}: {error}")


def main():
    with open(__file__) as text:
        explain(text)
    with closing(sqlite3.connect(":memory:")) as orders:
        explain(orders)
    explain(threading.Lock())
    explain(threading.RLock())
    explain(price for price in [3, 5])
    explain(pickle)
    explain(lambda price: price // 2)
    explain(full_price)


if __name__ == "__main__":
    main()
