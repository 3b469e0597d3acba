"""With parentheses after it, the target runs in the parent."""

from multiprocessing import Pool, Process, current_process


def pack(order):
    print(f"{order} is packed by {current_process().name}")


def main():
    packer = Process(target=pack("tea"))
    packer.start()
    packer.join()
    print("Exit code:", packer.exitcode)
    with Pool(1) as pool:
        result = pool.apply_async(pack("milk"))
        try:
            result.get()
        except TypeError as error:
            print("TypeError:", error)


if __name__ == "__main__":
    main()
