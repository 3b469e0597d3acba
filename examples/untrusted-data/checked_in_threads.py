"""The key of each client is checked in a thread of its own."""

import socket
from multiprocessing import Process, connection
from queue import SimpleQueue
from threading import Thread

KEY = b"spring"


def ask(address):
    with connection.Client(address, authkey=KEY) as server:
        server.send("Hello")


def serve(client, items):
    with client:
        try:
            connection.deliver_challenge(client, KEY)
            connection.answer_challenge(client, KEY)
            items.put(client.recv())
        except (connection.AuthenticationError, EOFError, OSError):
            print("A client without the key has left")


def main():
    items = SimpleQueue()
    with connection.Listener(("127.0.0.1", 0)) as listener:
        address = listener.address
        client = Process(target=ask, args=(address,))
        with socket.create_connection(address):
            client.start()
            threads = []
            for _ in range(2):
                args = (listener.accept(), items)
                threads.append(Thread(target=serve, args=args))
                threads[-1].start()
            print(items.get())
        for worker in [*threads, client]:
            worker.join()


if __name__ == "__main__":
    main()
