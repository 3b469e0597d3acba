"""A process that raises does not stop its parent."""

from multiprocessing import Process


def pack(orders):
    print(orders["pear"], "packed")


def main():
    packer = Process(target=pack, args=({"apple": 3},))
    packer.start()
    packer.join()
    print("All packed")


if __name__ == "__main__":
    main()
