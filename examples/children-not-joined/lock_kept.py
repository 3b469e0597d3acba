"""The parent keeps the lock until the child has been joined."""

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


def start_report(source, lock):
    report = Process(target=print_report, args=(Invoices(source), lock))
    report.start()
    return report


def main():
    lock = Lock()
    source, sink = Pipe(duplex=False)
    with source, sink:
        report = start_report(source, lock)
        sink.send("10 invoices")
        report.join()


if __name__ == "__main__":
    main()
