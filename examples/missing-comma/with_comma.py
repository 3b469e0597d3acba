"""The comma makes the tuple."""

from multiprocessing import Pool, Process


def pack(order):
    return f"{order} is packed"


def main():
    packer = Process(target=pack, args=("tea",))
    packer.start()
    packer.join()
    print("Exit code:", packer.exitcode)
    with Pool(1) as pool:
        result = pool.apply_async(pack, (7,))
        print(result.get())


if __name__ == "__main__":
    main()
