"""connect() where no server listens: an error, at once."""

import socket
from multiprocessing.managers import BaseManager


def main():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        address = silent.getsockname()
        manager = BaseManager(address=address)
        try:
            manager.connect()
        except OSError as error:
            print("Error:", type(error).__name__)


if __name__ == "__main__":
    main()
