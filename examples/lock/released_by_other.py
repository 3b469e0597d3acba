"""A process releases a Lock that another process holds: no error."""

from multiprocessing import Lock, Process


def open_door(lock):
    lock.release()


def main():
    lock = Lock()
    lock.acquire()
    porter = Process(target=open_door, args=(lock,))
    porter.start()
    porter.join()
    print("Exit code of the porter:", porter.exitcode)
    print("Free again:", lock.acquire(block=False))


if __name__ == "__main__":
    main()
