"""Which calls set the default start method, and which do not."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor


def start():
    worker = multiprocessing.Process(target=int)
    worker.start()
    worker.join()


CALLS = {
    "Pipe()": multiprocessing.Pipe,
    "RawArray(...)": lambda: multiprocessing.RawArray("d", 3),
    'get_context("spawn")': lambda: multiprocessing.get_context(
        "spawn"
    ),
    "Process(...)": multiprocessing.Process,
    "process.start()": start,
    "Queue()": multiprocessing.Queue,
    "Value(...)": lambda: multiprocessing.Value("i"),
    "Pool()": lambda: multiprocessing.Pool(1).terminate(),
    "Manager()": lambda: multiprocessing.Manager().shutdown(),
    "ProcessPoolExecutor()": lambda: ProcessPoolExecutor().shutdown(),
    "get_context()": multiprocessing.get_context,
    "get_start_method()": multiprocessing.get_start_method,
}


def main():
    for name, call in CALLS.items():
        multiprocessing.set_start_method(None, force=True)
        call()
        method = multiprocessing.get_start_method(allow_none=True)
        print(f"{name:24}", "sets it" if method else "leaves it open")


if __name__ == "__main__":
    main()
