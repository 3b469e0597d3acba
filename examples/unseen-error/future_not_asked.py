"""Without result(), no error of an executor's worker is ever seen."""

from concurrent.futures import ProcessPoolExecutor


def pack(order):
    raise ValueError(f"no box for {order}")


def main():
    with ProcessPoolExecutor(2) as executor:
        executor.submit(pack, "apple")
        executor.map(pack, ["pear", "plum"])
    print("All packed")


if __name__ == "__main__":
    main()
