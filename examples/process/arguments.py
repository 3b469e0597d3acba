"""The child gets its arguments as they are when start() is called."""

from multiprocessing import Pipe, Process


def read(order, answer):
    answer.send(order)


def main():
    receiver, sender = Pipe(duplex=False)
    order = ["apple"]
    clerk = Process(target=read, args=(order, sender))
    order.append("pear")
    clerk.start()
    sender.close()
    order.append("too late")
    print("The clerk has", receiver.recv())
    clerk.join()


if __name__ == "__main__":
    main()
