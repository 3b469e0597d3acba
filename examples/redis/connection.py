# /// script
# dependencies = ["redis"]
# [tool.examples]
# commands = ["redis-server"]
# ///
"""A worker uses the client of its parent, in two ways."""

from multiprocessing import Pipe, Process

from _server import redis_server
from redis import Redis

client = Redis(unix_socket_path="redis.sock")


def tell(sender, *arguments):
    asked = arguments[0] if arguments else client
    sender.send(asked.client_id())


def main():
    with redis_server(folder="."):
        own = client.client_id()
        for way, arguments in ("global", []), ("argument", [client]):
            receiver, sender = Pipe(duplex=False)
            args = sender, *arguments
            worker = Process(target=tell, args=args)
            try:
                worker.start()
            except TypeError as error:
                print(f"{way}: {error}")
                break
            sender.close()  # so that recv() raises if the worker fails
            its = receiver.recv()
            worker.join()
            print(f"{way}: a connection of its own: {its != own}")
        client.close()


if __name__ == "__main__":
    main()
