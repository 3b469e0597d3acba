# /// script
# dependencies = ["prometheus-client"]
# ///
"""Each worker counts in a Counter of its own."""

from multiprocessing import Pipe, Process

from prometheus_client import REGISTRY, Counter

answered = Counter("answered", "Requests that were answered")


def work(requests, sender):
    for _ in range(requests):
        answered.inc()
    sender.send(REGISTRY.get_sample_value("answered_total"))


def main():
    for requests in 3, 5:
        receiver, sender = Pipe(duplex=False)
        worker = Process(target=work, args=(requests, sender))
        worker.start()
        sender.close()
        print("a worker counts", receiver.recv())
        worker.join()
    total = REGISTRY.get_sample_value("answered_total")
    print("the parent counts", total)


if __name__ == "__main__":
    main()
