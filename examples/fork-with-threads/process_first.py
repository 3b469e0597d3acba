"""Start the process before the thread, and the lock is free in it."""

from multiprocessing import Process
from threading import Event, Lock, Thread

cache = Lock()


def refresh(holding, release):
    with cache:
        holding.set()
        release.wait()


def read():
    with cache:
        pass


def main():
    worker = Process(target=read)
    worker.start()
    holding, release = Event(), Event()
    thread = Thread(target=refresh, args=(holding, release))
    thread.start()
    holding.wait()
    release.set()
    thread.join()
    print("waiting for the worker")
    worker.join()
    print("exit status", worker.exitcode)


if __name__ == "__main__":
    main()
