"""Each worker writes its own element, so no lock is needed."""

from multiprocessing import Array, Process


def measure(sensor, readings):
    readings[sensor] = sensor * 10


def main():
    readings = Array("i", 4, lock=False)
    sensors = [
        Process(target=measure, args=(sensor, readings))
        for sensor in range(4)
    ]
    for sensor in sensors:
        sensor.start()
    for sensor in sensors:
        sensor.join()
    print("Readings:", readings[:])


if __name__ == "__main__":
    main()
