# /// script
# dependencies = ["numpy", "pyzmq"]
# ///
"""Two workers double the halves of an array of 80 MB, in frames."""

from multiprocessing import Pipe, Process

import numpy as np
import zmq


def serve(sender):
    with zmq.Context() as context, context.socket(zmq.REP) as client:
        client.bind("tcp://127.0.0.1:*")
        sender.send(client.last_endpoint.decode())
        while client.poll(10_000):  # ends if nobody asks
            frame = client.recv(copy=False)
            samples = np.frombuffer(frame)
            samples *= 2  # in the memory of the frame
            client.send(samples, copy=False)


def main():
    addresses = []
    for _ in range(2):
        receiver, sender = Pipe(duplex=False)
        Process(target=serve, args=[sender], daemon=True).start()
        sender.close()  # so that recv() raises if the worker fails
        addresses.append(receiver.recv())
    samples = np.arange(10_000_000.0).reshape(2, -1)
    with zmq.Context() as context:
        context.linger, context.rcvtimeo = 0, 10_000  # of each socket
        workers = [context.socket(zmq.REQ) for _ in addresses]
        for worker, address in zip(workers, addresses, strict=True):
            worker.connect(address)
        for worker, half in zip(workers, samples, strict=True):
            worker.send(half, copy=False)
        for worker, half in zip(workers, samples, strict=True):
            doubled = np.frombuffer(worker.recv(copy=False))
            print("doubled:", np.array_equal(doubled, half * 2))
            worker.close()
    print("the array of the parent ends with", samples[1, -1])


if __name__ == "__main__":
    main()
