"""A nested dict is replaced as a whole, and the change is there."""

import signal
import sys
from multiprocessing import Manager, Process, active_children


def use_test_server(config):
    database = config["database"]
    config["database"] = database | {"host": "test.example.org"}


def main():
    with Manager() as manager:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
        config = manager.dict()
        config["database"] = {"host": "example.org", "port": 5432}
        worker = Process(target=use_test_server, args=(config,))
        worker.start()
        worker.join()
        if worker.exitcode:
            sys.exit(f"{worker.name}: exit code {worker.exitcode}")
        print("Host:", config["database"]["host"])


if __name__ == "__main__":
    try:
        main()
    finally:
        for child in active_children():
            child.kill()
