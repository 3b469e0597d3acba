"""The parent keeps the child's end open: recv() waits forever."""

from multiprocessing import Pipe, Process


def measure(sender):
    with sender:
        sender.send(21.5)


def main():
    receiver, sender = Pipe(duplex=False)
    sensor = Process(target=measure, args=(sender,))
    sensor.start()
    with receiver:
        try:
            while True:
                print("Received", receiver.recv())
        except EOFError:
            print("The sensor has closed its end")
    sensor.join()


if __name__ == "__main__":
    main()
