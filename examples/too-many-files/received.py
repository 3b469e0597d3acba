"""Connections are received and kept, until there is no room."""

import resource
from multiprocessing import Pipe, Process

NOFILE = resource.RLIMIT_NOFILE


def send_connections(to_parent):
    for _ in range(100):
        receiver, _ = Pipe(duplex=False)
        to_parent.send(receiver)
    to_parent.recv()


def main():
    _, most = resource.getrlimit(NOFILE)
    from_child, to_parent = Pipe()
    child = Process(target=send_connections, args=(to_parent,))
    child.start()
    resource.setrlimit(NOFILE, (64, most))  # soon reached
    kept = []
    try:
        while len(kept) < 100:
            kept.append(from_child.recv())
    except RuntimeError as error:
        print("RuntimeError:", error)
    from_child.send("enough")
    child.join()


if __name__ == "__main__":
    main()
