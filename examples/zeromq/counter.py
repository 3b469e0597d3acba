# /// script
# dependencies = ["pyzmq"]
# ///
"""One process owns a dictionary of counters, and answers others."""

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


def count(address, color, times):
    with zmq.Context() as context, context.socket(zmq.REQ) as owner:
        owner.linger, owner.rcvtimeo = 0, 10_000  # milliseconds
        owner.connect(address)
        for _ in range(times):
            owner.send_json([color, "all"])
            counts = owner.recv_json()
    return counts


def main():
    receiver, sender = Pipe(duplex=False)
    Process(target=own, args=[sender], daemon=True).start()
    sender.close()  # so that recv() raises if the owner fails
    address = receiver.recv()
    args = [(address, color, 500) for color in ("red", "green")]
    workers = [Process(target=count, args=both) for both in args]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(count(address, "red", 1))
    if any(worker.exitcode for worker in workers):
        raise SystemExit("a worker has failed")


if __name__ == "__main__":
    main()
