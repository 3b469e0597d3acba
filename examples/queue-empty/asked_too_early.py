"""empty() says True although an item was put: it is on its way."""

from multiprocessing import Queue
from threading import Event

packed = Event()


class Parcel:
    def __getstate__(self):
        packed.wait()
        return {"content": "apples"}


def main():
    parcels = Queue()
    parcels.put(Parcel())
    print("Empty after put:", parcels.empty())
    while not parcels.empty():
        print("Received", parcels.get().content)
    print("All received")
    packed.set()
    print("Left behind:", parcels.get().content)


if __name__ == "__main__":
    main()
