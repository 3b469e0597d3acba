"""A function of a program that exec() runs is not in __main__."""

from multiprocessing import Pool
from pickle import PicklingError

PROGRAM = """
def double(price):
    return price * 2
"""


def main():
    names = {"__name__": "__main__"}
    exec(PROGRAM, names)
    with Pool(1) as pool:
        try:
            print(pool.map(names["double"], [3]))
        except PicklingError as error:
            print("PicklingError:", error)


if __name__ == "__main__":
    main()
