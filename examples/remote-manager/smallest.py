"""Two clients find a server by its address and share one scoreboard."""

from multiprocessing import Pipe, Process
from multiprocessing.managers import BaseManager, DictProxy
from secrets import token_bytes

points = {}


class Server(BaseManager):
    pass


class Client(BaseManager):
    pass


Server.register("points", lambda: points, DictProxy)
Client.register("points", proxytype=DictProxy)


def serve(sender, key):
    server = Server(("127.0.0.1", 0), key).get_server()
    sender.send(server.address)
    server.serve_forever()


def main():
    receiver, sender = Pipe(duplex=False)
    key = token_bytes(32)
    server = Process(target=serve, args=(sender, key), daemon=True)
    server.start()
    sender.close()
    address = receiver.recv()
    for player, result in [("Ada", 30), ("Bob", 12)]:
        client = Client(address, key)
        client.connect()
        client.points()[player] = result
    print(client.points().copy())
    server.terminate()
    server.join()


if __name__ == "__main__":
    main()
