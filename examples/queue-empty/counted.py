"""With several workers, count the items: get() once for each."""

from multiprocessing import Process, Queue


def measure(readings, sensor):
    for hour in range(2):
        readings.put((sensor, hour))


def main():
    readings = Queue()
    sensors = [
        Process(target=measure, args=(readings, name))
        for name in ["north", "south"]
    ]
    for sensor in sensors:
        sensor.start()
    received = [readings.get() for _ in range(2 * len(sensors))]
    for sensor in sensors:
        sensor.join()
    print(sorted(received))


if __name__ == "__main__":
    main()
