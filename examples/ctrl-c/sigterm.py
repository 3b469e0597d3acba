"""SIGTERM ends the program as Ctrl-C does: the workers end too."""

import signal
from multiprocessing import Pipe, Process, SimpleQueue


def measure(stop, started):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    started.put(True)
    stop.poll(None)  # until there is a message, which nobody reads


def interrupt(*_):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def main():
    signal.signal(signal.SIGTERM, interrupt)
    (stop, stopper), started = Pipe(duplex=False), SimpleQueue()
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
        stopper.send("stop")
        for worker in workers:
            worker.join()
    print("exit statuses", [worker.exitcode for worker in workers])


if __name__ == "__main__":
    main()
