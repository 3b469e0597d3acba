# /// script
# dependencies = ["prometheus-client"]
# ///
"""Workers count in files; the process that is asked adds them up."""

import os
import shutil
from multiprocessing import Pipe, Process
from threading import Event

os.environ["PROMETHEUS_MULTIPROC_DIR"] = "metrics"

from prometheus_client import CollectorRegistry, Counter
from prometheus_client.multiprocess import MultiProcessCollector


def work(requests, sender):
    answered = Counter("answered", "Requests that were answered")
    for _ in range(requests):
        answered.inc()
    sender.send("done")
    Event().wait()


def total():
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry.get_sample_value("answered_total")


def main():
    os.mkdir("metrics")
    for requests in 3, 5:
        receiver, sender = Pipe(duplex=False)
        worker = Process(target=work, args=(requests, sender))
        worker.start()
        sender.close()
        receiver.recv()
        worker.kill()
        worker.join()
        print("a worker is killed, the total is", total())
    shutil.rmtree("metrics")


if __name__ == "__main__":
    main()
