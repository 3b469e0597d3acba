"""The worker sends its result back through a Queue."""

from multiprocessing import Process, Queue


def read_sensor(results):
    results.put(21.5)


def main():
    temperatures = []
    results = Queue()
    worker = Process(target=read_sensor, args=(results,))
    worker.start()
    temperatures.append(results.get())
    worker.join()
    print("Exit code of the worker:", worker.exitcode)
    print("Temperatures:", temperatures)


if __name__ == "__main__":
    main()
