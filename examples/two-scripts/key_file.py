"""Both scripts read the key from a file of its owner."""

import os
import secrets
import signal
import sys
from multiprocessing import Pipe, Process
from multiprocessing.connection import Client, Listener
from pathlib import Path
from tempfile import TemporaryDirectory


def only_for_the_owner(path, flags):
    return os.open(path, flags, 0o600)


def make_key(path):
    with open(path, "xb", opener=only_for_the_owner) as file:
        file.write(secrets.token_bytes(32))


def first_script(path, tell):
    address, key = ("127.0.0.1", 0), path.read_bytes()
    with Listener(address, authkey=key) as listener:
        tell.send(listener.address)
        with listener.accept() as client:
            client.send(25.5)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    receiver, tell = Pipe(duplex=False)
    with TemporaryDirectory() as folder:
        make_key(path := Path(folder, "thermometer.key"))
        server = Process(target=first_script, args=(path, tell))
        server.start()
        tell.close()
        try:
            key = path.read_bytes()
            with Client(receiver.recv(), authkey=key) as client:
                print("Attic:", client.recv())
        except (EOFError, OSError):
            server.join()
            sys.exit(f"{server.name}: exit code {server.exitcode}")
        finally:
            server.kill()
            server.join()


if __name__ == "__main__":
    main()
