"""A worker that starts after the first block shares the tracker."""

from multiprocessing import Process, Queue
from multiprocessing.shared_memory import SharedMemory


def add_up(names, sums):
    while (name := names.get()) is not None:
        image = SharedMemory(name)
        sums.put(sum(image.buf[:3]))
        image.close()


def main():
    names, sums = Queue(), Queue()
    image = SharedMemory("image", create=True, size=3)
    worker = Process(target=add_up, args=(names, sums))
    worker.start()
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
