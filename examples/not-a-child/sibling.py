"""A process that is handed another process cannot join it."""

from multiprocessing import Process


def download():
    pass


def supervise(worker):
    worker.join()


def main():
    worker = Process(target=download)
    worker.start()
    supervisor = Process(target=supervise, args=(worker,))
    supervisor.start()
    supervisor.join()
    worker.join()
    print("supervisor's exit status:", supervisor.exitcode)


if __name__ == "__main__":
    main()
