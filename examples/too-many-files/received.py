"""Connections are received and kept, until there is no room."""

import resource
from multiprocessing import Pipe, Process

NOFILE = resource.RLIMIT_NOFILE


def send_connections(to_parent):
    for _ in range(100):
        receiver, sender = Pipe(duplex=False)
        try:
            to_parent.send(receiver)
            to_parent.recv()
        except (ConnectionError, EOFError):
            break


def main():
    _, most = resource.getrlimit(NOFILE)
    from_child, to_parent = Pipe()
    child = Process(target=send_connections, args=(to_parent,))
    child.start()
    to_parent.close()
    resource.setrlimit(NOFILE, (64, most))  # soon reached
    kept = []
    try:
        while len(kept) < 100:
            kept.append(from_child.recv())
            from_child.send("next")
    except RuntimeError as error:
        print("RuntimeError:", error)
    from_child.close()
    child.join()


if __name__ == "__main__":
    main()
