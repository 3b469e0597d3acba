# /// script
# dependencies = ["pyzmq"]
# ///
"""The owner is killed, a client waits, and the owner starts again."""

from multiprocessing import Pipe, Process

import zmq


def own(address, sender):
    with zmq.Context() as context, context.socket(zmq.REP) as clients:
        clients.bind(address)
        sender.send(clients.last_endpoint.decode())
        count = 0
        while clients.poll(10_000):  # ends if nobody asks
            clients.recv()
            clients.send_json(count := count + 1)


def start(address):
    receiver, sender = Pipe(duplex=False)
    owner = Process(target=own, args=[address, sender], daemon=True)
    owner.start()
    sender.close()  # so that recv() raises if the owner fails
    return receiver.recv(), owner


def client(address, owner):
    with zmq.Context() as context, context.socket(zmq.REQ) as socket:
        socket.linger, socket.rcvtimeo = 0, 1000  # milliseconds
        socket.connect(address)
        socket.send(b"add")
        print("new owner, new client:", socket.recv_json())
        owner.kill()
        owner.join()
        socket.send(b"add")  # no error
        for call in socket.recv, lambda: socket.send(b"add"):
            try:
                call()
            except zmq.ZMQError as error:
                print(f"{type(error).__name__}: {error}")


def main():
    address, owner = start("tcp://127.0.0.1:*")
    client(address, owner)
    client(*start(address))  # the same address


if __name__ == "__main__":
    main()
