"""Both scripts read the key from a file of its owner."""

import os
import secrets
from multiprocessing import Process
from multiprocessing.connection import Client, Listener
from pathlib import Path
from tempfile import TemporaryDirectory


def only_for_the_owner(path, flags):
    return os.open(path, flags, 0o600)


def make_key(path):
    with open(path, "xb", opener=only_for_the_owner) as file:
        file.write(secrets.token_bytes(32))


def second_script(address, path):
    with Client(address, authkey=path.read_bytes()) as server:
        server.send(25.5)


def main():
    with TemporaryDirectory() as folder:
        path = Path(folder, "thermometer.key")
        make_key(path)
        with Listener(authkey=path.read_bytes()) as listener:
            address = listener.address
            sensor = Process(target=second_script, args=(address, path))
            sensor.start()
            with listener.accept() as client:
                print("Attic:", client.recv())
            sensor.join()


if __name__ == "__main__":
    main()
