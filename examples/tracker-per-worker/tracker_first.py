"""The tracker runs before the first worker starts, so they share it."""

import os
from multiprocessing import Process, Queue, resource_tracker
from multiprocessing.shared_memory import SharedMemory


def add_up(names, sums):
    while (name := names.get()) is not None:
        image = SharedMemory(name)
        sums.put(sum(image.buf[:3]))
        image.close()


def main():
    if os.name == "posix":
        resource_tracker.ensure_running()
    names, sums = Queue(), Queue()
    worker = Process(target=add_up, args=(names, sums))
    worker.start()
    image = SharedMemory("image", create=True, size=3)
    try:
        image.buf[:3] = bytes([10, 20, 30])
        names.put(image.name)
        print("Sum:", sums.get())
    finally:
        image.close()
        image.unlink()
    names.put(None)
    worker.join()


if __name__ == "__main__":
    main()
