"""Both sides must have registered the name that the client asks for."""

from multiprocessing.managers import BaseManager, RemoteError

KEY = b"a secret of your own"


class Server(BaseManager):
    pass


class Client(BaseManager):
    pass


Client.register("prices")


def main():
    with Server(authkey=KEY) as server:
        client = Client(address=server.address, authkey=KEY)
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
