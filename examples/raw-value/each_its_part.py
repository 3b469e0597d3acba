"""Four workers each fill their own part of a RawArray, no lock."""

from multiprocessing import Process
from multiprocessing.sharedctypes import RawArray


def measure(part, degrees):
    first = part * 3
    degrees[first : first + 3] = [part, part + 0.25, part + 0.5]


def main():
    degrees = RawArray("d", 12)
    sensors = [
        Process(target=measure, args=(part, degrees))
        for part in range(4)
    ]
    for sensor in sensors:
        sensor.start()
    for sensor in sensors:
        sensor.join()
    for first in range(0, len(degrees), 3):
        print(degrees[first : first + 3])


if __name__ == "__main__":
    main()
