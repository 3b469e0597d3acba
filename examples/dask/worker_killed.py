# /// script
# dependencies = ["dask[distributed]"]
# ///
"""Workers are killed: what runs again, and what is lost."""

import os
import signal

import dask
from _scratch import LOCAL, own_folder
from dask.distributed import Client, wait

dask.config.set({"distributed.scheduler.allowed-failures": 1})


class Counter:
    n = 0


def work(log, *fatal):
    with open(log, "a") as file:
        file.write("x")
    # after the work, before its result is sent
    if os.path.getsize(log) in fatal:
        os.kill(os.getpid(), signal.SIGKILL)
    return os.path.getsize(log)


def main():
    with own_folder() as folder, Client(n_workers=3, **LOCAL) as client:
        first = min(client.scheduler_info()["workers"])
        at = {"workers": [first], "allow_other_workers": True}
        result = client.submit(work, f"{folder}/a", **at)
        data = client.scatter(7, workers=[first])
        counter = client.submit(Counter, actor=True, **at).result()
        wait(result)
        job = client.submit(work, f"{folder}/b", 1, **at)
        print("the job has run, times:", job.result())
        print("the result was made, times:", result.result())
        bad = client.submit(work, f"{folder}/c", 1, 2, 3, key="c")
        for ask in data.result, lambda: counter.n, bad.result:
            try:
                print(ask())
            except Exception as error:
                print(f"{type(error).__name__}: {error}".split(". ")[0])
        client.wait_for_workers(3)  # else closing may fail


if __name__ == "__main__":
    main()
