"""Without a comma, parentheses around one argument make no tuple."""

from multiprocessing import Pool, Process


def pack(order):
    return f"{order} is packed"


def main():
    packer = Process(target=pack, args=("tea"))
    packer.start()
    packer.join()
    print("Exit code:", packer.exitcode)
    try:
        Process(target=pack, args=(7))
    except TypeError as error:
        print("TypeError:", error)
    with Pool(1) as pool:
        result = pool.apply_async(pack, (7))
        try:
            print(result.get())
        except TypeError as error:
            print("TypeError:", error)


if __name__ == "__main__":
    main()
