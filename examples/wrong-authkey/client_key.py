"""The client has another key than the server: AuthenticationError."""

from multiprocessing.managers import BaseManager

SERVER_KEY = b"spring"
CLIENT_KEY = b"autumn"


def main():
    with BaseManager(authkey=SERVER_KEY) as server:
        client = BaseManager(server.address, authkey=CLIENT_KEY)
        client.connect()
        print("Connected")


if __name__ == "__main__":
    main()
