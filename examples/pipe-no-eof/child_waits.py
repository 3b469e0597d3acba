"""Under fork the child holds a copy of the parent's end, and waits."""

from multiprocessing import Pipe, Process


def show(receiver):
    try:
        while True:
            print("Showing", receiver.recv())
    except EOFError:
        print("No more frames")


def main():
    receiver, sender = Pipe(duplex=False)
    screen = Process(target=show, args=(receiver,))
    screen.start()
    receiver.close()
    with sender:
        sender.send("frame 1")
    screen.join()


if __name__ == "__main__":
    main()
