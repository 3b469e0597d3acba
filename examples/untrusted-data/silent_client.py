"""A client that sends nothing keeps all others out."""

import socket
from multiprocessing import Process
from multiprocessing.connection import Client, Listener

KEY = b"spring"


def ask(address):
    with Client(address, authkey=KEY) as server:
        server.send("Hello")


def main():
    with Listener(("127.0.0.1", 0), authkey=KEY) as listener:
        with socket.create_connection(listener.address):
            client = Process(target=ask, args=(listener.address,))
            client.start()
            print("Waiting for a client")
            with listener.accept() as connection:
                print(connection.recv())
            client.join()


if __name__ == "__main__":
    main()
