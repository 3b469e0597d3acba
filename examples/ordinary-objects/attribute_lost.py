"""What run sets on self stays in the process that runs it."""

from multiprocessing import Process


class Sensor(Process):
    temperature = None

    def run(self):
        self.temperature = 21.5


def main():
    sensor = Sensor()
    sensor.start()
    sensor.join()
    print("Exit code of the sensor:", sensor.exitcode)
    print("Temperature:", sensor.temperature)


if __name__ == "__main__":
    main()
