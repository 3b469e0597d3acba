"""One wait() for the messages of workers and for their ends."""

import os
from multiprocessing import Pipe, Process
from multiprocessing.connection import wait


def measure(room, readings):
    for degrees in [19, 20]:
        readings.send((room, degrees))
        if room == "cellar":
            os._exit(7)


def main():
    received, ended = [], []
    sensors, receivers = {}, []
    for room in ["attic", "cellar"]:
        receiver, sender = Pipe(duplex=False)
        sensor = Process(target=measure, args=(room, sender), name=room)
        sensor.start()
        sender.close()
        sensors[sensor.sentinel] = sensor
        receivers.append(receiver)
    while sensors or receivers:
        for ready in wait([*sensors, *receivers]):
            if ready in sensors:
                sensor = sensors.pop(ready)
                sensor.join()
                ended.append((sensor.name, sensor.exitcode))
                continue
            try:
                received.append(ready.recv())
            except (EOFError, OSError):
                receivers.remove(ready)
    print("Received", sorted(received))
    print("Ended", sorted(ended))


if __name__ == "__main__":
    main()
