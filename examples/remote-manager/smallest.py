"""Two clients find a server by its address and share one scoreboard."""

from multiprocessing import Pipe, Process
from multiprocessing.managers import BaseManager, DictProxy

KEY = b"a secret of your own"
points = {}


class Server(BaseManager):
    pass


class Client(BaseManager):
    pass


Server.register("points", lambda: points, DictProxy)
Client.register("points", proxytype=DictProxy)


def serve(sender):
    manager = Server(address=("127.0.0.1", 0), authkey=KEY)
    server = manager.get_server()
    with sender:
        sender.send(server.address)
    server.serve_forever()


def play(address, player, result):
    manager = Client(address=address, authkey=KEY)
    manager.connect()
    manager.points()[player] = result


def main():
    receiver, sender = Pipe(duplex=False)
    server = Process(target=serve, args=(sender,))
    server.start()
    with receiver, sender:
        address = receiver.recv()
    for player, result in [("Ada", 30), ("Bob", 12)]:
        client = Process(target=play, args=(address, player, result))
        client.start()
        client.join()
    manager = Client(address=address, authkey=KEY)
    manager.connect()
    print(manager.points().copy())
    server.terminate()
    server.join()


if __name__ == "__main__":
    main()
