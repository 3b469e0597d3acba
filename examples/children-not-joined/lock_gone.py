"""The parent lets go of the lock before the child has it."""

from multiprocessing import Lock, Pipe, Process


class Invoices:
    """Data that the child cannot read before the parent sends it."""

    def __init__(self, source):
        self.source = source

    def __setstate__(self, state):
        state["source"].recv()


def print_report(invoices, lock):
    with lock:
        print("Report printed")


def start_report(source):
    lock = Lock()
    report = Process(target=print_report, args=(Invoices(source), lock))
    report.start()


def main():
    source, sink = Pipe(duplex=False)
    with source, sink:
        start_report(source)
        sink.send("10 invoices")


if __name__ == "__main__":
    main()
