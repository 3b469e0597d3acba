"""A key on one side only, and the side without one sends first."""

from multiprocessing import AuthenticationError, Process, Queue
from multiprocessing.connection import Client, Listener
from pickle import UnpicklingError

WRONG = (AssertionError, AuthenticationError)


def order(address):
    with Client(address) as server:
        server.send("two apples")
        try:
            server.recv()
        except UnpicklingError:
            server.recv_bytes()


def ask(address, errors):
    try:
        Client(address, authkey=b"spring").close()
    except WRONG as error:
        errors.put(f"{type(error).__name__}: {error}")


def main():
    errors = Queue()
    with Listener(authkey=b"spring") as listener:
        client = Process(target=order, args=(listener.address,))
        client.start()
        try:
            listener.accept().close()
        except WRONG as error:
            print(f"Server: {type(error).__name__}: {error}")
        client.join()
    with Listener() as listener:
        client = Process(target=ask, args=(listener.address, errors))
        client.start()
        with listener.accept() as connection:
            connection.send("welcome")
            print("Client:", errors.get())
        client.join()


if __name__ == "__main__":
    main()
