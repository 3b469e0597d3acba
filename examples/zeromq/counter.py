# /// script
# dependencies = ["pyzmq"]
# ///
"""One process owns a dictionary of counters, and answers others."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pipe, Process

import zmq


def own(sender):
    counts = {"red": 0, "green": 0, "all": 0}
    with zmq.Context() as context, context.socket(zmq.REP) as clients:
        clients.bind("tcp://127.0.0.1:*")
        sender.send(clients.last_endpoint.decode())
        while clients.poll(10_000):  # ends if nobody asks
            for key in clients.recv_json():
                counts[key] += 1
            clients.send_json(counts)


def connect(address):
    global owner
    owner = zmq.Context.instance().socket(zmq.REQ)
    owner.linger, owner.rcvtimeo = 0, 10_000  # milliseconds
    owner.connect(address)


def count(color):
    for _ in range(500):
        owner.send_json([color, "all"])
        counts = owner.recv_json()
    return counts[color]


def main():
    receiver, sender = Pipe(duplex=False)
    Process(target=own, args=[sender], daemon=True).start()
    sender.close()  # so that recv() raises if the owner fails
    address = receiver.recv()
    with ProcessPoolExecutor(2, None, connect, [address]) as pool:
        print("of each:", list(pool.map(count, ["red", "green"])))
    connect(address)
    owner.send_json([])
    print(owner.recv_json())
    owner.close()


if __name__ == "__main__":
    main()
