"""The client has the key of the server, and connects."""

from multiprocessing.managers import BaseManager

SERVER_KEY = b"spring"
CLIENT_KEY = b"spring"


def main():
    with BaseManager(authkey=SERVER_KEY) as server:
        client = BaseManager(server.address, authkey=CLIENT_KEY)
        client.connect()
        print("Connected")


if __name__ == "__main__":
    main()
