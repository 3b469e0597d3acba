"""imap reads its input ahead, until a semaphore holds it back."""

from multiprocessing import Pool
from threading import Event, Semaphore


def double(number):
    return 2 * number


def numbers(read, room, ended):
    for number in range(1000):
        room.acquire()
        read.append(number)
        yield number
    ended.set()


def main():
    with Pool(2) as pool:
        read, room, ended = [], Semaphore(1000), Event()
        results = pool.imap(double, numbers(read, room, ended))
        ended.wait()
        print("read before the first result:", len(read))
        print("sum:", sum(results))

        read, room, ended = [], Semaphore(8), Event()
        results = pool.imap(double, numbers(read, room, ended))
        most = total = 0
        for done, result in enumerate(results):
            most = max(most, len(read) - done)
            total += result
            room.release()
        print("never more than 8 ahead:", most <= 8)
        print("sum:", total)


if __name__ == "__main__":
    main()
