"""A function at module level can be a target everywhere."""

from multiprocessing import Process


def pack(order):
    print("Packed", order)


def main():
    packer = Process(target=pack, args=("apple",))
    packer.start()
    packer.join()
    print("Exit code", packer.exitcode)


if __name__ == "__main__":
    main()
