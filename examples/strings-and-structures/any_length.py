"""A manager holds a text of any length."""

import signal
import sys
from multiprocessing import Manager, Process, active_children


def write(report):
    report.value += "\n".join(f"Order {n}: packed" for n in range(3))


def main():
    with Manager() as manager:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        report = manager.Value("u", "Report of the café\n")
        clerk = Process(target=write, args=(report,))
        clerk.start()
        clerk.join()
        if clerk.exitcode:
            sys.exit(f"{clerk.name}: exit code {clerk.exitcode}")
        print(report.value)


if __name__ == "__main__":
    try:
        main()
    finally:
        for child in active_children():
            child.kill()
