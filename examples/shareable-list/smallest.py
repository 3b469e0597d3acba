"""A worker changes items of a list that the parent reads."""

from multiprocessing import Process
from multiprocessing.shared_memory import ShareableList


def measure(sensor):
    sensor[1] = 21.5
    sensor[2] = True
    sensor.shm.close()


def main():
    sensor = ShareableList(["kitchen", 0.0, False, None])
    try:
        worker = Process(target=measure, args=(sensor,))
        worker.start()
        worker.join()
        print(list(sensor))
    finally:
        sensor.shm.close()
        sensor.shm.unlink()


if __name__ == "__main__":
    main()
