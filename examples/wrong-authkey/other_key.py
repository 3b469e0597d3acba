"""A client with another key than the server is turned away."""

from multiprocessing.managers import BaseManager


class StockManager(BaseManager):
    pass


StockManager.register("stock", dict)


def main():
    with StockManager(authkey=b"north") as server:
        client = StockManager(server.address, authkey=b"south")
        client.connect()
        print(client.stock({"apples": 3}))


if __name__ == "__main__":
    main()
