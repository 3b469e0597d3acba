"""SIGTERM ends the program as Ctrl-C does: the workers end too."""

import signal
import sys
from multiprocessing import Pipe, Process, parent_process
from multiprocessing.connection import wait


def measure(stop, started):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    started.send(True)
    wait([stop, parent_process().sentinel])


def interrupt(*_):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def main():
    signal.signal(signal.SIGTERM, interrupt)
    stop, stopper = Pipe(duplex=False)
    workers = []
    try:
        for _ in range(3):
            receiver, started = Pipe(duplex=False)
            worker = Process(target=measure, args=(stop, started))
            worker.start()
            workers.append(worker)
            started.close()
            receiver.poll(None)  # until it has started, or is dead
        signal.raise_signal(signal.SIGTERM)  # docker stop
        wait([worker.sentinel for worker in workers])
        sys.exit("a worker has ended")
    except KeyboardInterrupt:
        print("stopping")
    finally:
        stopper.send_bytes(b"stop")
        for worker in workers:
            worker.join()
    codes = [worker.exitcode for worker in workers]
    if any(codes):
        sys.exit(f"exit statuses {codes}")
    print("exit statuses", codes)


if __name__ == "__main__":
    main()
