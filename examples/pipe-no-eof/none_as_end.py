"""None as the last item ends the loop, whoever holds an end open."""

from multiprocessing import Pipe, Process


def show(receiver):
    while (frame := receiver.recv()) is not None:
        print("Showing", frame)
    print("No more frames")


def main():
    receiver, sender = Pipe(duplex=False)
    screen = Process(target=show, args=(receiver,))
    screen.start()
    receiver.close()
    with sender:
        sender.send("frame 1")
        sender.send(None)
    screen.join()


if __name__ == "__main__":
    main()
