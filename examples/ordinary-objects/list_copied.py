"""A list handed to a process is copied, and the change is lost."""

from multiprocessing import Process


def read_sensor(temperatures):
    temperatures.append(21.5)


def main():
    temperatures = []
    worker = Process(target=read_sensor, args=(temperatures,))
    worker.start()
    worker.join()
    print("Exit code of the worker:", worker.exitcode)
    print("Temperatures:", temperatures)


if __name__ == "__main__":
    main()
