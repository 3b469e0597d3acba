"""The manager ends while a child still uses its dict."""

from multiprocessing import Event, Manager, Process


def count(votes, closed):
    closed.wait()
    votes["yes"] = 1


def main():
    closed = Event()
    with Manager() as manager:
        votes = manager.dict()
        worker = Process(target=count, args=(votes, closed))
        worker.start()
    closed.set()
    worker.join()
    print("exit status", worker.exitcode)


if __name__ == "__main__":
    main()
