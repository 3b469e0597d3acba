# /// script
# dependencies = ["dask[distributed]"]
# ///
"""The scheduler is killed, and starts again with nothing."""

import sys
from concurrent.futures import CancelledError
from subprocess import DEVNULL, Popen

from _scratch import own_folder
from dask.distributed import Client

DASK = [sys.executable, "-m", "dask"]
HERE = ["--dashboard-address", "127.0.0.1:0", "--host", "127.0.0.1"]


def start(*words):
    return Popen([*DASK, *words, *HERE], stderr=DEVNULL)


def main():
    with own_folder() as folder:
        file = ["--scheduler-file", f"{folder}/scheduler.json"]
        scheduler = start("scheduler", "--port", "0", *file)
        worker = start("worker", "--no-nanny", *file)
        try:
            with Client(scheduler_file=file[1]) as client:
                answer = client.submit(int, 42)
                client.publish_dataset(answer=answer)
                print(answer.result(), client.list_datasets())
                scheduler.kill()
                scheduler.wait()
                print("the worker has ended:", worker.wait())
                try:
                    answer.result()
                except CancelledError as error:
                    print(f"{type(error).__name__}: {error.reason}")
                port = client.scheduler.address.split(":")[-1]
            scheduler = start("scheduler", "--port", port)
            with Client(f"127.0.0.1:{port}", timeout=60) as client:
                print("after a restart:", client.list_datasets())
        finally:
            for process in scheduler, worker:
                process.kill()
                process.wait()


if __name__ == "__main__":
    main()
