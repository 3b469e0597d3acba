"""stock = [...] gives the name to a list; the shared Array stays."""

from multiprocessing import Array, Process


def restock(stock):
    stock = [pieces + 10 for pieces in stock]
    print("In the worker:", stock)


def main():
    stock = Array("i", [3, 0, 8])
    worker = Process(target=restock, args=(stock,))
    worker.start()
    worker.join()
    print("In the parent:", stock[:])


if __name__ == "__main__":
    main()
