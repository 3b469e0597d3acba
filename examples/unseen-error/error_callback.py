"""error_callback is called with the error as soon as it is known."""

from multiprocessing import Pool


def pack(order):
    raise ValueError(f"no box for {order}")


def main():
    errors = []
    with Pool(1) as pool:
        for order in ["apple", "pear"]:
            pool.apply_async(
                pack, [order], error_callback=errors.append
            )
        pool.close()
        pool.join()
    for error in errors:
        print("Failed:", error)


if __name__ == "__main__":
    main()
