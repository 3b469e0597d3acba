"""Both sides must have registered the name that the client asks for."""

from multiprocessing.managers import BaseManager, RemoteError
from secrets import token_bytes


class Server(BaseManager):
    pass


class Client(BaseManager):
    pass


Client.register("prices")


def main():
    key = token_bytes(32)
    with Server(authkey=key) as server:
        client = Client(address=server.address, authkey=key)
        client.connect()
        try:
            client.prices()
        except RemoteError as error:
            print("RemoteError:", str(error).splitlines()[-2])
        try:
            client.stock()
        except AttributeError as error:
            print("AttributeError:", error)


if __name__ == "__main__":
    main()
