"""What run finds goes back through a Queue that self holds."""

from multiprocessing import Process, Queue


class Sensor(Process):
    def __init__(self, results):
        super().__init__()
        self.results = results

    def run(self):
        self.results.put(21.5)


def main():
    results = Queue()
    sensor = Sensor(results)
    sensor.start()
    print("Temperature:", results.get())
    sensor.join()
    print("Exit code of the sensor:", sensor.exitcode)


if __name__ == "__main__":
    main()
