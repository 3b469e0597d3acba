"""Workers that change the same number in a block share a Lock."""

from multiprocessing import Lock, Process
from multiprocessing.shared_memory import SharedMemory
from struct import pack_into, unpack_from


def count(visitors, lock):
    for _ in range(100):
        with lock:
            (number,) = unpack_from("q", visitors.buf)
            pack_into("q", visitors.buf, 0, number + 1)
    visitors.close()


def main():
    lock = Lock()
    visitors = SharedMemory(create=True, size=8)
    try:
        doors = [
            Process(target=count, args=(visitors, lock))
            for _ in range(4)
        ]
        for door in doors:
            door.start()
        for door in doors:
            door.join()
        print("Visitors:", unpack_from("q", visitors.buf)[0])
    finally:
        visitors.close()
        visitors.unlink()


if __name__ == "__main__":
    main()
