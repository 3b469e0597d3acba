# /// script
# dependencies = ["joblib"]
# ///
"""A function of a module keeps its globals in each worker."""

from joblib import Parallel, delayed
from loads_again import predict


def main():
    results = Parallel(n_jobs=2, batch_size=1)(
        delayed(predict)(price) for price in range(6)
    )
    prices, loads, workers = zip(*results, strict=True)
    print("predicted:", *prices)
    print("one load a worker:", sum(loads) == len(set(workers)))


if __name__ == "__main__":
    main()
