"""A reader is killed, then a writer: the system frees the lock."""

from multiprocessing import Event, Process
from tempfile import TemporaryDirectory

from rw_lock import RWLock


def hold(lock, how, inside, stop):
    with getattr(lock, how)():
        inside.set()
        stop.wait()


def kill_one(lock, how):
    inside, stop = Event(), Event()
    worker = Process(target=hold, args=(lock, how, inside, stop))
    worker.start()
    inside.wait()
    worker.kill()
    worker.join()


def main():
    with TemporaryDirectory() as folder:
        lock = RWLock(f"{folder}/prices.lock")
        kill_one(lock, "reading")
        with lock.writing():
            print("A reader was killed, and a writer has the lock")
        kill_one(lock, "writing")
        try:
            with lock.reading():
                print("A writer was killed, and a reader has the lock")
        except RuntimeError as error:
            print("RuntimeError:", error)
        with lock.writing(whole=True):
            print("All is written again")
        with lock.reading():
            print("A reader has the lock")


if __name__ == "__main__":
    main()
