# /// script
# dependencies = ["prometheus-client"]
# ///
"""A server starts again, and its folder is emptied only at last."""

import os
import shutil
from multiprocessing import Process

os.environ["PROMETHEUS_MULTIPROC_DIR"] = "metrics"

from prometheus_client import CollectorRegistry, Counter, values
from prometheus_client.multiprocess import MultiProcessCollector


def serve():
    Counter("answered", "Requests that were answered").inc()
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    total = registry.get_sample_value("answered_total")
    print("one request, and the total is", total)
    values.close_all_multiprocess_files()


def start():
    server = Process(target=serve)
    server.start()
    server.join()


def main():
    os.mkdir("metrics")
    start()
    start()
    shutil.rmtree("metrics")
    os.mkdir("metrics")
    start()
    shutil.rmtree("metrics")


if __name__ == "__main__":
    main()
