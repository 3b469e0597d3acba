"""A function defined after the pool was made is not found."""

from multiprocessing import Pool

if __name__ == "__main__":
    with Pool(1) as pool:

        def double(price):
            return price * 2

        print("Doubling")
        print(pool.map(double, [3]))
