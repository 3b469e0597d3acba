# /// script
# dependencies = ["redis"]
# [tool.examples]
# commands = ["redis-server"]
# ///
"""The reply to INCR is lost, and the client sends INCR again."""

import socket
from multiprocessing import Event, Process
from multiprocessing.connection import wait

from _server import redis_server
from redis import ConnectionError, Redis
from redis.backoff import NoBackoff
from redis.retry import Retry


def forward(listener, lose_reply):
    while True:
        ends = listener.accept()[0], socket.socket(socket.AF_UNIX)
        ends[1].connect("redis.sock")
        with ends[0], ends[1]:
            while data := (end := wait(ends)[0]).recv(65_536):
                if end is ends[1] and lose_reply.is_set():
                    break  # as if the network had failed
                ends[end is ends[0]].sendall(data)
        lose_reply.clear()


def main():
    proxy, lose_reply = socket.create_server(("127.0.0.1", 0)), Event()
    with redis_server(folder="."), proxy:
        args = proxy, lose_reply
        Process(target=forward, args=args, daemon=True).start()
        port = proxy.getsockname()[1]
        for options in {}, {"retry": Retry(NoBackoff(), 0)}:
            with Redis(port=port, **options) as client:
                client.set("n", 0)
                lose_reply.set()
                try:
                    print("incr() returns", client.incr("n"))
                except ConnectionError as error:
                    print("incr() raises", type(error).__name__)
                print("counted:", int(client.get("n")))


if __name__ == "__main__":
    main()
