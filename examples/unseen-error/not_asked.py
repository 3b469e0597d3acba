"""Without get(), no error of a pool's worker is ever seen."""

from multiprocessing import Pool


def pack(order):
    raise ValueError(f"no box for {order}")


def main():
    with Pool(2) as pool:
        pool.apply_async(pack, ["apple"])
        pool.map_async(pack, ["pear", "plum"])
        pool.close()
        pool.join()
    print("All packed")


if __name__ == "__main__":
    main()
