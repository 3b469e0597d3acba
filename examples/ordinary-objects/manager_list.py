"""A manager's list is shared: the worker's append arrives."""

from multiprocessing import Manager, Process


def read_sensor(temperatures):
    temperatures.append(21.5)


def main():
    with Manager() as manager:
        temperatures = manager.list()
        worker = Process(target=read_sensor, args=(temperatures,))
        worker.start()
        worker.join()
        print("Exit code of the worker:", worker.exitcode)
        print("Temperatures:", list(temperatures))


if __name__ == "__main__":
    main()
