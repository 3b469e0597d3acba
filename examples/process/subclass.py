"""A subclass of Process: run() is what the child does."""

from multiprocessing import Pipe, Process


class Sensor(Process):
    def __init__(self, room, readings):
        super().__init__(name=room)
        self.readings = readings
        self.count = 0

    def run(self):
        for degrees in [19, 20]:
            self.readings.send((self.name, degrees))
            self.count += 1


def main():
    receiver, sender = Pipe(duplex=False)
    sensor = Sensor("attic", sender)
    sensor.start()
    sender.close()
    try:
        while True:
            print("Received", receiver.recv())
    except EOFError:
        sensor.join()
    print("Exit code", sensor.exitcode)
    print("The parent's count:", sensor.count)


if __name__ == "__main__":
    main()
