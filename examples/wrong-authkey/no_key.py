"""A client without a key, and a server that asks for one."""

import pickle
from multiprocessing import Process, Queue
from multiprocessing.connection import Client, Listener


def ask(address, errors):
    with Client(address) as server:
        try:
            server.recv()
        except pickle.UnpicklingError as error:
            errors.put(f"UnpicklingError: {error}")


def main():
    errors = Queue()
    with Listener(authkey=b"spring") as listener:
        client = Process(target=ask, args=(listener.address, errors))
        client.start()
        try:
            listener.accept().close()
        except EOFError as error:
            print("Server:", type(error).__name__)
        print("Client:", errors.get())
        client.join()


if __name__ == "__main__":
    main()
