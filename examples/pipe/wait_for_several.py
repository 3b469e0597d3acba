"""The parent reads from three pipes, whichever has something."""

from multiprocessing import Pipe, Process
from multiprocessing.connection import wait


def measure(room, readings):
    with readings:
        for degrees in [19, 20]:
            readings.send((room, degrees))


def main():
    receivers, sensors = [], []
    for room in ["attic", "cellar", "hall"]:
        receiver, sender = Pipe(duplex=False)
        sensor = Process(target=measure, args=(room, sender))
        sensor.start()
        sender.close()
        receivers.append(receiver)
        sensors.append(sensor)
    received = []
    while receivers:
        for receiver in wait(receivers):
            try:
                received.append(receiver.recv())
            except (EOFError, OSError):  # the worker has ended
                receiver.close()
                receivers.remove(receiver)
    for sensor in sensors:
        sensor.join()
    print(*sorted(received), sep="\n")


if __name__ == "__main__":
    main()
