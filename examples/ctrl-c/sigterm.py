"""SIGTERM ends the program as Ctrl-C does: the workers end too."""

import signal
from multiprocessing import Event, Process, SimpleQueue


def measure(stop, started):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    started.put(True)
    stop.wait()


def main():
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    stop, started = Event(), SimpleQueue()
    workers = []
    try:
        for _ in range(3):
            worker = Process(target=measure, args=(stop, started))
            worker.start()
            workers.append(worker)
        for _ in workers:
            started.get()
        signal.raise_signal(signal.SIGTERM)  # docker stop
        for worker in workers:
            worker.join()
    except KeyboardInterrupt:
        print("stopping")
    finally:
        stop.set()
        for worker in workers:
            worker.join()
    print("exit statuses", [worker.exitcode for worker in workers])


if __name__ == "__main__":
    main()
