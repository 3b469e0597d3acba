"""Two children put items into a queue, and the parent adds them up."""

from multiprocessing import Process, SimpleQueue


def measure(amount, rain):
    rain.put(amount)


def main():
    rain = SimpleQueue()
    sensors = [Process(target=measure, args=(n, rain)) for n in (4, 7)]
    for sensor in sensors:
        sensor.start()
    print("Rain:", sum(rain.get() for _ in sensors))
    for sensor in sensors:
        sensor.join()
    rain.close()


if __name__ == "__main__":
    main()
