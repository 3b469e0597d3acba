"""On Unix, the file of a killed server keeps the next one out."""

import socket
from multiprocessing.connection import Listener
from pathlib import Path
from tempfile import gettempdir


def main():
    address = Path(gettempdir(), "thermometer")
    with socket.socket(socket.AF_UNIX) as killed_server:
        killed_server.bind(str(address))
    try:
        Listener(str(address))
    except OSError as error:
        print("OSError:", error.strerror)
    address.unlink()
    with Listener(str(address)):
        print("Waiting for a client")


if __name__ == "__main__":
    main()
