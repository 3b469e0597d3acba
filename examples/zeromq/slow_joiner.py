# /// script
# dependencies = ["pyzmq"]
# ///
"""What is published before a worker has subscribed is lost."""

from multiprocessing import Process, Queue, SimpleQueue

import zmq


def listen(addresses, received):
    address = addresses.get(timeout=20)
    with zmq.Context() as context, context.socket(zmq.SUB) as news:
        news.rcvtimeo = 10_000  # milliseconds
        news.subscribe("price")
        news.connect(address)
        received.put(news.recv_string())


def main():
    queues = addresses, received = Queue(), SimpleQueue()
    args = {"args": queues, "daemon": True}
    workers = [Process(target=listen, **args) for _ in range(2)]
    for worker in workers:
        worker.start()  # before there is a context
    with zmq.Context() as context, context.socket(zmq.XPUB) as news:
        news.linger, news.rcvtimeo = 0, 10_000
        news.xpub_verbose = True  # tell of each, not of the first only
        news.bind("tcp://127.0.0.1:*")
        news.send_string("price 1")  # nobody has subscribed
        for _ in workers:
            addresses.put(news.last_endpoint.decode())
        for _ in workers:
            print("subscribed:", news.recv())
        news.send_string("price 2")
        for worker in workers:
            worker.join()
            if worker.exitcode:
                raise SystemExit("a worker has failed")
            print("received:", received.get())


if __name__ == "__main__":
    main()
