"""A worker dies: a Pool loses one task, and an executor is broken."""

import os
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

PHOTOS = ["small.jpg", "huge.jpg", "wide.jpg"]


def resize(photo):
    if photo == "huge.jpg":
        os._exit(1)
    return "resized"


def main():
    context = get_context("spawn")
    with context.Pool(1) as pool:
        tasks = [pool.apply_async(resize, [name]) for name in PHOTOS]
        tasks[-1].wait()
        tasks[1].wait(timeout=1)
        for name, task in zip(PHOTOS, tasks, strict=True):
            answer = task.get() if task.ready() else "no answer"
            print(f"Pool, {name}: {answer}")

    with ProcessPoolExecutor(1, context) as executor:
        for name in PHOTOS:
            try:
                answer = executor.submit(resize, name).result()
            except BrokenProcessPool:
                answer = "BrokenProcessPool"
            print(f"Executor, {name}: {answer}")


if __name__ == "__main__":
    main()
