"""EOFError tells that the other end was closed: no more will come."""

from multiprocessing import Pipe, Process


def measure(readings):
    with readings:
        for degrees in [19.5, 20.0, 20.5]:
            readings.send(degrees)


def main():
    receiver, sender = Pipe(duplex=False)
    sensor = Process(target=measure, args=(sender,))
    sensor.start()
    sender.close()
    with receiver:
        try:
            while True:
                print("Received", receiver.recv())
        except EOFError:
            print("The sensor has closed its end")
    sensor.join()


if __name__ == "__main__":
    main()
