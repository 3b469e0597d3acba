"""The server sees the same mistake in other words."""

from multiprocessing import AuthenticationError, Process, Queue
from multiprocessing.connection import Client, Listener


def ask(address, errors):
    try:
        Client(address, authkey=b"autumn").close()
    except AuthenticationError as error:
        errors.put(str(error))


def main():
    errors = Queue()
    with Listener(authkey=b"spring") as listener:
        client = Process(target=ask, args=(listener.address, errors))
        client.start()
        try:
            listener.accept().close()
        except AuthenticationError as error:
            print("Server:", error)
        print("Client:", errors.get())
        client.join()


if __name__ == "__main__":
    main()
