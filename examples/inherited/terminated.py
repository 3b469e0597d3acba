"""A worker that resets the handler of SIGTERM is terminated."""

import signal
from multiprocessing import Pipe, Process


def stop_later(number, frame):
    pass  # a server would note here that it is to stop


def work(to_parent):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    to_parent.send("ready")
    to_parent.recv()


def main():
    signal.signal(signal.SIGTERM, stop_later)
    to_worker, to_parent = Pipe()
    worker = Process(target=work, args=(to_parent,))
    worker.start()
    to_parent.close()
    to_worker.recv()
    worker.terminate()
    worker.join()
    print("Exit code:", worker.exitcode)


if __name__ == "__main__":
    main()
