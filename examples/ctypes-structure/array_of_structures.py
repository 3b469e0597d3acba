"""Four workers change an array of shared structures."""

from ctypes import Structure, c_char, c_int
from multiprocessing import Array, Process


class Product(Structure):
    _fields_ = [("name", c_char * 8), ("stock", c_int), ("sold", c_int)]


def sell(place, products):
    for _ in range(3):
        with products.get_lock():
            product = products[place]
            product.stock -= 1
            product.sold += 1


def main():
    products = Array(Product, [(b"apple", 10, 0), (b"pear", 10, 0)])
    sellers = [
        Process(target=sell, args=(place, products))
        for place in [0, 0, 0, 1]
    ]
    for seller in sellers:
        seller.start()
    for seller in sellers:
        seller.join()
    for product in products:
        print(product.name.decode(), product.stock, product.sold)


if __name__ == "__main__":
    main()
