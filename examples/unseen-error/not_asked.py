"""Without get() or result(), no error of a worker is ever seen."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool


def pack(order):
    raise ValueError(f"no box for {order}")


def main():
    with Pool(1) as pool:
        pool.apply_async(pack, ["apple"])
        pool.map_async(pack, ["pear", "plum"])
        pool.close()
        pool.join()
    with ProcessPoolExecutor(1) as executor:
        executor.submit(pack, "cherry")
        executor.map(pack, ["fig", "grape"])
    print("All packed")


if __name__ == "__main__":
    main()
