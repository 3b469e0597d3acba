"""What cannot be sent to the server, and what is only a name."""

from multiprocessing import Lock, Queue, Value
from multiprocessing.reduction import ForkingPickler
from multiprocessing.shared_memory import SharedMemory

from _scripts import HOST, server
from worker import connect


def main():
    with server(lease=60) as (_, port):
        workers = connect(HOST, port).workers()
        for thing in Lock(), Value("i"), Queue():
            try:
                workers["thing"] = thing
            except RuntimeError as error:
                print(error)
    block = SharedMemory(create=True, size=80_000_000)
    try:
        sent = ForkingPickler.dumps(block)
        print("only the name is sent:", len(sent) < 200)
    finally:
        block.close()
        block.unlink()


if __name__ == "__main__":
    main()
