"""The process gets the data, and makes the object with the lock."""

from multiprocessing import Process
from threading import Lock


class Log:
    def __init__(self, name):
        self.name = name
        self.lock = Lock()


def write(name):
    log = Log(name)
    print("Writing to", log.name)


def main():
    worker = Process(target=write, args=("sales",))
    worker.start()
    worker.join()


if __name__ == "__main__":
    main()
