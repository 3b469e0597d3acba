"""A worker hands over connections and ends; then they are taken."""

import signal
import socket
import sys
from multiprocessing import Pipe, Process


def connect(address, sender, direct):
    with socket.create_connection(address) as connection:
        sender.send(connection)
    with direct, socket.create_connection(address) as connection:
        socket.send_fds(direct, [b"shop"], [connection.fileno()])


def main():
    receiver, sender = Pipe(duplex=False)
    here, there = socket.socketpair()
    with socket.create_server(("127.0.0.1", 0)) as shop:
        args = shop.getsockname(), sender, there
        worker = Process(target=connect, args=args, daemon=True)
        worker.start()
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
        there.close()
        try:
            worker.join()
        finally:
            worker.kill()
        if worker.exitcode:
            sys.exit(f"the worker: exit code {worker.exitcode}")
        try:
            receiver.recv()
        except FileNotFoundError:
            print("send: lost with its sender")
        with here:
            name, fds, _, _ = socket.recv_fds(here, 100, 1)
        with socket.socket(fileno=fds[0]) as connection:
            found = connection.getpeername() == shop.getsockname()
            print("send_fds:", name.decode(), found)


if __name__ == "__main__":
    main()
