# /// script
# dependencies = ["pandas"]
# ///
"""A worker adds a column: the parent's DataFrame stays as it was."""

from multiprocessing import get_context

import pandas as pd


def add_total(sales):
    sales["total"] = sales["price"] * sales["pieces"]
    return sales


def main():
    sales = pd.DataFrame({"price": [9.0, 7.0], "pieces": [2, 3]})
    with get_context("spawn").Pool(1) as pool:
        returned = pool.apply(add_total, (sales,))
    print("In the parent:", list(sales))
    print("Returned:", list(returned))


if __name__ == "__main__":
    main()
