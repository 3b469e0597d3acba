"""The manager ends while the worker waits for its answer."""

from multiprocessing import Manager, Process, Queue


def wait_for_start(start, errors):
    try:
        start.wait()
    except EOFError as error:
        errors.put(type(error).__name__)


def main():
    errors = Queue()
    with Manager() as manager:
        start = manager.Barrier(2)
        runner = Process(target=wait_for_start, args=(start, errors))
        runner.start()
        while start.n_waiting == 0:
            pass
    print(errors.get())
    runner.join()


if __name__ == "__main__":
    main()
