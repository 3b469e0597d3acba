# /// script
# dependencies = ["pyzmq"]
# ///
"""A client asks again if no answer comes: counted once, by an id."""

from multiprocessing import Pipe, Process

import zmq


def own(sender):
    seen, count, answered = set(), 0, True
    with (
        zmq.Context() as context,
        context.socket(zmq.ROUTER) as clients,
    ):
        clients.bind("tcp://127.0.0.1:*")
        sender.send(clients.last_endpoint.decode())
        while clients.poll(10_000):  # ends if nobody asks
            *envelope, update = clients.recv_multipart()
            count += update not in seen
            if update != b"no id":
                seen.add(update)
            answered = not answered  # each second answer gets lost
            if answered:
                clients.send_multipart([*envelope, b"%d" % count])


def ask(owner, update):
    for tries in 1, 2, 3:
        owner.send(update)
        if owner.poll(1000):  # milliseconds
            return f"sent {tries} times, count: {int(owner.recv())}"
    raise SystemExit("the owner does not answer")


def main():
    receiver, sender = Pipe(duplex=False)
    Process(target=own, args=[sender], daemon=True).start()
    sender.close()  # so that recv() raises if the owner fails
    address = receiver.recv()
    with zmq.Context() as context, context.socket(zmq.REQ) as owner:
        owner.linger, owner.req_relaxed, owner.req_correlate = 0, 1, 1
        owner.connect(address)
        for update in b"no id", b"sale 17":
            print(update.decode(), "-", ask(owner, update))


if __name__ == "__main__":
    main()
