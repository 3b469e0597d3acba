"""A worker that inherits a handler of SIGTERM is not terminated."""

import signal
from multiprocessing import Pipe, Process


def stop_later(number, frame):
    pass  # a server would note here that it is to stop


def work(orders):
    orders.recv()


def main():
    signal.signal(signal.SIGTERM, stop_later)
    receiver, sender = Pipe(duplex=False)
    worker = Process(target=work, args=(receiver,))
    worker.start()
    worker.terminate()
    sender.send("an order after terminate()")
    worker.join()
    print("Exit code:", worker.exitcode)


if __name__ == "__main__":
    main()
