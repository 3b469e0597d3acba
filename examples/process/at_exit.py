"""What a child has registered for its end, and what of it runs."""

import atexit
from multiprocessing import Pipe, Process
from multiprocessing.util import Finalize


def measure(report):
    atexit.register(report.send, "atexit")
    Finalize(None, report.send, ["Finalize"], exitpriority=0)
    try:
        report.send("measured")
    finally:
        report.send("finally")


def main():
    reports, report = Pipe(duplex=False)
    worker = Process(target=measure, args=(report,))
    worker.start()
    report.close()
    ran = []
    try:
        while True:
            ran.append(reports.recv())
    except EOFError:
        print(*sorted(ran), sep=", ")
    worker.join()


if __name__ == "__main__":
    main()
