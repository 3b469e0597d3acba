"""A script that answers what another script asks, until it leaves."""

import signal
import sys
from multiprocessing.connection import Listener
from tempfile import gettempdir

KEY = b"a secret of your own"
ADDRESS = f"{gettempdir()}/thermometer"
if sys.platform == "win32":
    ADDRESS = r"\\.\pipe\thermometer"
READINGS = {"attic": 25.5, "cellar": 12.0}


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    with Listener(ADDRESS, authkey=KEY) as listener:
        print("Waiting for a client", flush=True)
        with listener.accept() as client:
            try:
                while (room := client.recv()) is not None:
                    client.send(READINGS.get(room))
                print("The client has left")
            except (EOFError, OSError) as error:
                sys.exit(f"The client has died: {type(error).__name__}")


if __name__ == "__main__":
    main()
