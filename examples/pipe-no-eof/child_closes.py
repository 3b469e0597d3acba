"""The child closes its copy of the parent's end, and sees the end."""

from multiprocessing import Pipe, Process


def show(receiver, sender):
    sender.close()
    try:
        while True:
            print("Showing", receiver.recv())
    except EOFError:
        print("No more frames")


def main():
    receiver, sender = Pipe(duplex=False)
    screen = Process(target=show, args=(receiver, sender))
    screen.start()
    receiver.close()
    with sender:
        sender.send("frame 1")
    screen.join()


if __name__ == "__main__":
    main()
