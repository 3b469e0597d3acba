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
from redis import ConnectionError, Redis, backoff, retry


def forward(listener, lose, path):
    while True:
        client = listener.accept()[0]
        server = socket.socket(socket.AF_UNIX)
        server.connect(path)
        with client, server:
            while data := (end := wait([client, server])[0]).recv(9999):
                if end is server and lose.is_set():
                    break  # as if the network had failed
                (client if end is server else server).sendall(data)
        lose.clear()


def main():
    lose = Event()
    with redis_server() as url:
        with socket.create_server(("127.0.0.1", 0)) as s:
            args = s, lose, url.removeprefix("unix://")
            Process(target=forward, args=args, daemon=True).start()
            port = s.getsockname()[1]
        for more in {}, {"retry": retry.Retry(backoff.NoBackoff(), 0)}:
            with Redis(port=port, **more) as client:
                client.set("n", 0)
                lose.set()
                try:
                    print("incr() returns", client.incr("n"))
                except ConnectionError as error:
                    print("incr() raises", type(error).__name__)
                print("counted:", int(client.get("n")))


if __name__ == "__main__":
    main()
