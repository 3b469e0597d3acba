"""A thread adds to a dictionary while another one goes through it."""

from threading import Event, Thread

prices = {"apple": 3, "pear": 4}


def add(wanted, added):
    wanted.wait()
    prices["plum"] = 5
    added.set()


def total(names):
    wanted, added = Event(), Event()
    other = Thread(target=add, args=(wanted, added))
    other.start()
    amount = 0
    try:
        for name in names:
            amount += prices[name]
            wanted.set()
            added.wait()
    finally:
        other.join()
        del prices["plum"]
    return amount


def main():
    try:
        print("The dictionary:", total(prices))
    except RuntimeError as error:
        print("The dictionary:", error)
    print("A copy of its keys:", total(list(prices)))


if __name__ == "__main__":
    main()
