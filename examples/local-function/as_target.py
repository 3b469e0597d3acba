"""A function inside a function can be a target under fork only."""

from multiprocessing import Process


def main():
    def pack(order):
        print("Packed", order)

    packer = Process(target=pack, args=("apple",))
    packer.start()
    packer.join()
    print("Exit code", packer.exitcode)


if __name__ == "__main__":
    main()
