"""A worker dies: a Pipe tells the parent, and a Queue does not."""

import os
from multiprocessing import Pipe, Process, Queue
from queue import Empty


def send_one(reports):
    reports.send("report 1")
    os._exit(1)


def put_one(reports):
    reports.put("report 1")
    reports.close()
    reports.join_thread()
    os._exit(1)


def main():
    receiver, sender = Pipe(duplex=False)
    worker = Process(target=send_one, args=(sender,))
    worker.start()
    sender.close()
    print("Pipe:", receiver.recv())
    try:
        receiver.recv()
    except (EOFError, OSError) as error:
        print("Pipe:", type(error).__name__)
    worker.join()

    reports = Queue()
    worker = Process(target=put_one, args=(reports,))
    worker.start()
    print("Queue:", reports.get())
    worker.join()
    try:
        reports.get(timeout=1)
    except Empty:
        print("Queue: nothing has come")


if __name__ == "__main__":
    main()
