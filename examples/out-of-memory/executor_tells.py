"""An executor tells which task had no memory, and goes on."""

import resource
import sys
from concurrent.futures import ProcessPoolExecutor

MB = 1_000_000


def limit_memory():
    resource.setrlimit(resource.RLIMIT_DATA, (100 * MB, 100 * MB))


def read(megabytes):
    return bytes(megabytes * MB)


def main():
    failed = []
    with ProcessPoolExecutor(1, initializer=limit_memory) as pool:
        tasks = {size: pool.submit(read, size) for size in (10, 60, 20)}
        for size, task in tasks.items():
            try:
                print(len(task.result()) // MB, "MB")
            except MemoryError:
                failed.append(size)
    if failed:
        sys.exit(f"No memory for tasks {failed}")


if __name__ == "__main__":
    main()
