"""A spawned process has locks of its own: none of them is held."""

from multiprocessing import get_context
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
    spawn = get_context("spawn")
    packer = spawn.Process(target=pack, args=("apple",))
    packer.start()
    finish.set()
    logger.join()
    packer.join()


if __name__ == "__main__":
    main()
