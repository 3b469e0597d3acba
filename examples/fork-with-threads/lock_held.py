"""A thread holds a lock when the process is forked: the child hangs."""

from multiprocessing import Process
from threading import Event, Lock, Thread

log_lock = Lock()


def write_log(writing, finish):
    with log_lock:
        writing.set()
        finish.wait()


def pack(order):
    with log_lock:
        print("Packed", order)


def main():
    writing, finish = Event(), Event()
    logger = Thread(target=write_log, args=(writing, finish))
    logger.start()
    writing.wait()
    print("Starting the packer")
    packer = Process(target=pack, args=("apple",))
    packer.start()
    finish.set()
    logger.join()
    packer.join()


if __name__ == "__main__":
    main()
