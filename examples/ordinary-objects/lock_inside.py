"""An object that holds a thread lock passes to a process under fork."""

from multiprocessing import Process
from threading import Lock


class Log:
    def __init__(self, name):
        self.name = name
        self.lock = Lock()


def write(log):
    print("Writing to", log.name)


def main():
    worker = Process(target=write, args=(Log("sales"),))
    worker.start()
    worker.join()


if __name__ == "__main__":
    main()
