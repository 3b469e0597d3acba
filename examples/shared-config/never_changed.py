"""A configuration that nobody changes goes to each worker once."""

from multiprocessing import Pool


def set_config(values):
    global config
    config = values


def price(amount):
    return amount * (100 + config["tax_percent"]) // 100


def main():
    with Pool(2, set_config, ({"tax_percent": 7},)) as pool:
        print(pool.map(price, [100, 200, 300]))


if __name__ == "__main__":
    main()
