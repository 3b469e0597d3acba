# /// script
# dependencies = ["ray"]
# ///
"""The GCS of the head is killed, and Ray is started again."""

import os
import signal
from multiprocessing import Process

import _cluster
import ray

WAIT = '{"gcs_rpc_server_reconnect_timeout_s": 2}'  # default: 60


@ray.remote
class Counter:
    n = 0

    def add(self):
        self.n += 1
        return self.n


def work(kill):
    address = _cluster.start("--system-config", WAIT)
    _cluster.connect(address, namespace="shop")
    counter = Counter.options(
        name="counter", lifetime="detached", get_if_exists=True
    ).remote()
    print("counted to", ray.get(counter.add.remote()))
    if kill:
        os.kill(_cluster.process_of("gcs_server"), signal.SIGKILL)
        print("still there:", ray.get(counter.add.remote()))
        try:
            ray.get(Counter.remote().add.remote())  # a new actor
        finally:
            print("this is not printed")
    ray.shutdown()


def main():
    with _cluster.own_folder():
        for kill in True, False:
            child = Process(target=work, args=(kill,))
            child.start()
            child.join()
            print("exit code", child.exitcode)


if __name__ == "__main__":
    main()
