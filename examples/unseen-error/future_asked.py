"""With result(), every error of an executor's worker is seen."""

from concurrent.futures import ProcessPoolExecutor


def pack(order):
    raise ValueError(f"no box for {order}")


def main():
    orders = ["apple", "pear", "plum"]
    with ProcessPoolExecutor(2) as executor:
        packed = [executor.submit(pack, order) for order in orders]
        for future in packed:
            try:
                future.result()
            except ValueError as error:
                print("Failed:", error)


if __name__ == "__main__":
    main()
