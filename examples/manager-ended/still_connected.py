"""A child that has used the dict before gets another error."""

from multiprocessing import Event, Manager, Process


def count(votes, counted, closed):
    votes["yes"] = 1
    counted.set()
    closed.wait()
    try:
        votes["no"] = 1
    except OSError as error:
        print(f"{type(error).__name__}: {error}")


def main():
    counted, closed = Event(), Event()
    with Manager() as manager:
        votes = manager.dict()
        worker = Process(target=count, args=(votes, counted, closed))
        worker.start()
        counted.wait()
    closed.set()
    worker.join()


if __name__ == "__main__":
    main()
