"""The exit code of a process that a signal has stopped."""

from multiprocessing import Process
from signal import Signals
from time import sleep


def main():
    for stop in [Process.terminate, Process.kill]:
        printer = Process(target=sleep, args=(60,))
        printer.start()
        stop(printer)
        printer.join()
        name = Signals(-printer.exitcode).name
        print(f"{stop.__name__}(): {printer.exitcode}, {name}")


if __name__ == "__main__":
    main()
