"""A killed reader is counted forever, and the writer waits."""

from contextlib import contextmanager
from multiprocessing import Condition, Event, Process, RawValue


class RWLock:
    def __init__(self):
        self.changed, self.readers = Condition(), RawValue("i", 0)

    @contextmanager
    def reading(self):
        with self.changed:
            self.readers.value += 1
        try:
            yield
        finally:
            with self.changed:
                self.readers.value -= 1
                self.changed.notify_all()

    @contextmanager
    def writing(self):
        with self.changed:
            self.changed.wait_for(lambda: self.readers.value == 0)
            yield


def hold(lock, inside, stop):
    with lock.reading():
        inside.set()
        stop.wait()


def main():
    lock, inside, stop = RWLock(), Event(), Event()
    reader = Process(target=hold, args=(lock, inside, stop))
    reader.start()
    inside.wait()
    reader.kill()
    reader.join()
    print("A reader was killed, and a writer wants the lock")
    with lock.writing():
        print("The writer has the lock")


if __name__ == "__main__":
    main()
