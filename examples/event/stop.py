"""An event asks a worker to stop; wait() is its pause, too."""

from multiprocessing import Event, Process, Queue


def measure(stop, readings):
    readings.put("first reading")
    while not stop.wait(timeout=0.1):
        pass  # read the sensor again
    readings.put("last reading")


def main():
    stop = Event()
    readings = Queue()
    sensor = Process(target=measure, args=(stop, readings))
    sensor.start()
    try:
        print(readings.get())
    finally:
        stop.set()
    print(readings.get())
    sensor.join()
    print("Exit code of the sensor:", sensor.exitcode)


if __name__ == "__main__":
    main()
