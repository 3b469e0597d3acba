"""The parent joins both; the supervisor waits for an Event."""

from multiprocessing import Event, Process


def download(done):
    done.set()


def supervise(done):
    done.wait()


def main():
    done = Event()
    worker = Process(target=download, args=(done,))
    worker.start()
    supervisor = Process(target=supervise, args=(done,))
    supervisor.start()
    supervisor.join()
    worker.join()
    print("supervisor's exit status:", supervisor.exitcode)


if __name__ == "__main__":
    main()
