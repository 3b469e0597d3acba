"""An initializer gives every worker the same Value and Array."""

from multiprocessing import Array, Pool, Value


def set_shared(total, per_shop):
    global total_sales, shop_sales
    total_sales = total
    shop_sales = per_shop


def book(order):
    shop, amount = order
    with total_sales.get_lock():
        total_sales.value += amount
    with shop_sales.get_lock():
        shop_sales[shop] += amount


def main():
    orders = [(0, 5), (1, 7), (2, 1), (0, 10), (2, 4)]
    total = Value("i", 0)
    per_shop = Array("i", 3)
    shared = (total, per_shop)
    with Pool(2, initializer=set_shared, initargs=shared) as pool:
        pool.map(book, orders)
    print("Total:", total.value)
    print("Per shop:", per_shop[:])


if __name__ == "__main__":
    main()
