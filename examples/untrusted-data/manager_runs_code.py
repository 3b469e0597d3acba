"""Both sides of a manager run code that the other side sends."""

import os
from multiprocessing import Pipe, Process
from multiprocessing.managers import BaseManager, DictProxy
from secrets import token_bytes


class RunsCode:
    def __reduce__(self):
        return os.getpid, ()  # it could be any function


class Notes(BaseManager):
    pass


notes = {"from the server": RunsCode()}
Notes.register("notes", lambda: notes, DictProxy)


def serve(sender, key):
    server = Notes(("127.0.0.1", 0), key).get_server()
    sender.send(server.address)
    server.serve_forever()


def main():
    receiver, sender = Pipe(duplex=False)
    key = token_bytes(32)
    server = Process(target=serve, args=(sender, key), daemon=True)
    server.start()
    client = Notes(receiver.recv(), key)
    client.connect()
    shared = client.notes()
    shared["from the client"] = RunsCode()
    ran_in = shared.copy()
    print("In the server:", ran_in["from the client"] == server.pid)
    print("In the client:", ran_in["from the server"] == os.getpid())
    server.terminate()
    server.join()


if __name__ == "__main__":
    main()
