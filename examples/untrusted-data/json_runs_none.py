"""With JSON, neither side runs what it receives."""

import json
import os
from contextlib import suppress
from multiprocessing import Process
from multiprocessing.connection import Client, Listener
from secrets import token_bytes


class RunsCode:
    def __reduce__(self):
        return os.getpid, ()


def ask(address, key):
    with Client(address, authkey=key) as server:
        server.send(RunsCode())
        server.send_bytes(json.dumps({"room": "attic"}).encode())


def main():
    key = token_bytes(32)
    with Listener(authkey=key) as listener:
        args = (listener.address, key)
        process = Process(target=ask, args=args)
        process.start()
        with listener.accept() as client, suppress(EOFError, OSError):
            for _ in range(2):
                data = client.recv_bytes(maxlength=65536)
                try:
                    print("Received:", json.loads(data))
                except (ValueError, RecursionError):
                    print("Refused")
        process.join()


if __name__ == "__main__":
    main()
