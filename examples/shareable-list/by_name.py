"""Workers attach to a list by its name, and fill an item each."""

from multiprocessing import Process
from multiprocessing.shared_memory import ShareableList


def measure(name, room, degrees):
    temperatures = ShareableList(name=name)
    try:
        temperatures[room] = degrees
    finally:
        temperatures.shm.close()


def main():
    temperatures = ShareableList([None] * 3)
    try:
        workers = [
            Process(
                target=measure,
                args=(temperatures.shm.name, room, degrees),
            )
            for room, degrees in enumerate([21.5, 19.0, 23.5])
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        print(list(temperatures))
    finally:
        temperatures.shm.close()
        temperatures.shm.unlink()


if __name__ == "__main__":
    main()
