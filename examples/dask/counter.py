# /// script
# dependencies = ["dask[distributed]"]
# ///
"""Two workers count in an actor, and in variables."""

from _scratch import LOCAL, own_folder
from dask.distributed import Client, Lock, Variable


class Counter:
    n = 0

    def add(self, k):
        self.n += k


def count(counter, times):
    for _ in range(times):
        counter.add(1).result()


def add_one(name):
    variable = Variable(name)
    variable.set(variable.get() + 1)


def sell(times):
    for _ in range(times):
        with Lock("sales"):
            add_one("sales")


def main():
    with own_folder(), Client(n_workers=2, **LOCAL) as client:
        counter = client.submit(Counter, actor=True).result()
        counters, times = [counter, counter], [100, 100]
        client.gather(client.map(count, counters, times, pure=False))
        print("actor:", counter.n)
        views, sales = Variable("views"), Variable("sales")
        views.set(0)
        seen = views.get()  # the parent reads
        client.submit(add_one, "views").result()  # a worker adds 1
        views.set(seen + 1)  # the parent adds 1
        print("variable, 2 times:", views.get())
        sales.set(0)
        client.gather(client.map(sell, [20, 20], pure=False))
        print("variable with a lock, 40 times:", sales.get())


if __name__ == "__main__":
    main()
