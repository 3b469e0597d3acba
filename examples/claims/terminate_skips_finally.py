"""terminate() skips finally; an Event that asks to stop does not."""

from multiprocessing import Event, Process, Value
from time import sleep


def record(ready, stop, closed):
    try:
        ready.set()
        while not stop.is_set():
            sleep(0.01)  # what it records
    finally:
        closed.value = True


def start():
    ready, stop, closed = Event(), Event(), Value("b", False)
    worker = Process(target=record, args=(ready, stop, closed))
    worker.start()
    ready.wait()
    return worker, stop, closed


def main():
    worker, _, closed = start()
    worker.terminate()
    worker.join()
    print("terminated, file closed:", bool(closed.value))

    worker, stop, closed = start()
    stop.set()
    worker.join()
    print("asked to stop, file closed:", bool(closed.value))


if __name__ == "__main__":
    main()
