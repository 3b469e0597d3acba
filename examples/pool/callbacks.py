"""A callback takes the result, an error_callback the exception."""

from multiprocessing import Pool


def main():
    prices = []
    errors = []
    with Pool(2) as pool:
        for text in ["9.50", "12", "free"]:
            pool.apply_async(
                float,
                (text,),
                callback=prices.append,
                error_callback=errors.append,
            )
        pool.close()
        pool.join()
    print("Prices:", sorted(prices))
    print("Errors:", errors)


if __name__ == "__main__":
    main()
