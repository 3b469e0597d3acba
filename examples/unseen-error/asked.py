"""With get(), every error of a pool's worker is seen."""

from multiprocessing import Pool


def pack(order):
    raise ValueError(f"no box for {order}")


def main():
    orders = ["apple", "pear", "plum"]
    with Pool(2) as pool:
        packed = [pool.apply_async(pack, [order]) for order in orders]
        for result in packed:
            try:
                result.get()
            except ValueError as error:
                print("Failed:", error)


if __name__ == "__main__":
    main()
