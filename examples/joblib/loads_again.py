# /// script
# dependencies = ["joblib"]
# ///
"""A function of the script keeps nothing between two tasks."""

import os

from joblib import Parallel, delayed

model = None


def predict(price):
    global model
    load = model is None
    if load:
        model = {"rate": 2}  # as if it took a while
    return price * model["rate"], load, os.getpid()


def main():
    results = Parallel(n_jobs=2, batch_size=1)(
        delayed(predict)(price) for price in range(6)
    )
    prices, loads, _ = zip(*results, strict=True)
    print("predicted:", *prices)
    print("tasks that loaded the model:", sum(loads))


if __name__ == "__main__":
    main()
