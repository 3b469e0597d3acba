"""A worker is killed in the middle of a message."""

from multiprocessing import Pipe, Process
from time import sleep


def work(sender):
    sender.send(bytes(1_000_000))


def main():
    receiver, sender = Pipe(duplex=False)
    worker = Process(target=work, args=(sender,))
    worker.start()
    sender.close()
    receiver.poll(None)  # until the message has begun
    sleep(0.2)  # the worker sends until the pipe is full
    worker.kill()
    worker.join()
    try:
        receiver.recv()
    except OSError as error:
        print("OSError:", error)
    receiver.close()


if __name__ == "__main__":
    main()
