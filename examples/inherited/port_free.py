"""A worker that is started first does not hold the port."""

import os
import socket
from multiprocessing import Pipe, Process


def work(orders):
    orders.recv()


def main():
    receiver, sender = Pipe(duplex=False)
    worker = Process(target=work, args=(receiver,))
    worker.start()
    server = socket.create_server(("127.0.0.1", 0))
    address = server.getsockname()
    server.close()
    try:
        socket.create_server(address).close()
        print("Port opened again")
    except OSError as error:
        print("OSError:", os.strerror(error.errno))
    sender.send("last order")
    worker.join()


if __name__ == "__main__":
    main()
