"""One end receives before it sends: two big items pass each other."""

from multiprocessing import Pipe, Process


def develop(connection):
    with connection:
        connection.recv()
        connection.send(bytes(1_000_000))


def main():
    to_lab, to_parent = Pipe()
    lab = Process(target=develop, args=(to_parent,))
    lab.start()
    to_parent.close()
    with to_lab:
        print("Sending a picture, and the lab sends one too")
        to_lab.send(bytes(1_000_000))
        print("Received", len(to_lab.recv()), "bytes")
    lab.join()


if __name__ == "__main__":
    main()
