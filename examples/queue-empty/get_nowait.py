"""get_nowait() right after put() raises Empty: nothing is there yet."""

from multiprocessing import Queue
from queue import Empty
from threading import Event

packed = Event()


class Parcel:
    def __getstate__(self):
        packed.wait()
        return {"content": "apples"}


def main():
    parcels = Queue()
    parcels.put(Parcel())
    try:
        print("Received", parcels.get_nowait().content)
    except Empty as error:
        print("Raised", repr(error))
    packed.set()
    print("Received", parcels.get(timeout=10).content)


if __name__ == "__main__":
    main()
