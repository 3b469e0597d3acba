"""recv() runs code that the other side sends, on both sides."""

import os
from multiprocessing import Process
from multiprocessing.connection import Client, Listener
from secrets import token_bytes


class RunsCode:
    def __reduce__(self):
        return os.getpid, ()  # it could be any function


def ask(address, key):
    with Client(address, authkey=key) as server:
        server.send(RunsCode())
        server.send(server.recv() == os.getpid())


def main():
    key = token_bytes(32)
    with Listener(authkey=key) as listener:
        args = (listener.address, key)
        process = Process(target=ask, args=args)
        process.start()
        with listener.accept() as client:
            print("In the server:", client.recv() == os.getpid())
            client.send(RunsCode())
            print("In the client:", client.recv())
        process.join()


if __name__ == "__main__":
    main()
