# /// script
# dependencies = ["prometheus-client"]
# ///
"""What each mode of a Gauge tells of two workers, until one is dead."""

import os
import shutil
from multiprocessing import Process

os.environ["PROMETHEUS_MULTIPROC_DIR"] = "metrics"

from prometheus_client import CollectorRegistry, Gauge, multiprocess
from prometheus_client.values import close_all_multiprocess_files

MODES = ["all", "sum", "min", "max", "mostrecent"]
MODES = [live + mode for mode in MODES for live in ("", "live")]


def work(value):
    for mode in MODES:
        Gauge(mode, "Help", multiprocess_mode=mode).set(value)
    close_all_multiprocess_files()


def gauges():
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    return {
        gauge.name: sorted(sample.value for sample in gauge.samples)
        for gauge in registry.collect()
    }


def main():
    os.mkdir("metrics")
    workers = [Process(target=work, args=(value,)) for value in (9, 2)]
    for worker in workers:
        worker.start()
        worker.join()
    both = gauges()
    multiprocess.mark_process_dead(workers[1].pid)
    one = gauges()
    for mode in MODES:
        print(f"{mode}: {both[mode]}, then {one[mode]}")
    shutil.rmtree("metrics")


if __name__ == "__main__":
    main()
