"""With get() and result(), every error of a worker is seen."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool


def pack(order):
    raise ValueError(f"no box for {order}")


def main():
    with Pool(1) as pool:
        packed = [
            pool.apply_async(pack, [o]) for o in ["apple", "pear"]
        ]
        for result in packed:
            try:
                result.get()
            except ValueError as error:
                print("Failed:", error)
    with ProcessPoolExecutor(1) as executor:
        packed = [executor.submit(pack, o) for o in ["cherry", "fig"]]
        for future in packed:
            try:
                future.result()
            except ValueError as error:
                print("Failed:", error)


if __name__ == "__main__":
    main()
