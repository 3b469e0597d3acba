"""A server accepts clients, and hands each to a free worker."""

import signal
import socket
import sys
from contextlib import suppress
from multiprocessing.connection import wait

from worker import Worker

WORDS = b"apple", b"pear", b"plum", b"cherry"


def main():
    workers, clients, left = [], [], len(WORDS)
    try:
        for _ in range(2):
            workers.append(Worker(workers))
        free = list(workers)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
        with socket.create_server(("127.0.0.1", 0)) as listening:
            for word in WORDS:
                address = listening.getsockname()
                clients.append(socket.create_connection(address))
                clients[-1].sendall(word)
            while left or len(free) < len(workers):
                ends = [worker.end for worker in workers]
                ready = wait([*ends, listening] if free else ends)
                for worker in workers:
                    if worker.end in ready:
                        worker.finish()
                        free.append(worker)
                if listening in ready:
                    accepted, _ = listening.accept()
                    with accepted, suppress(ConnectionError):
                        free.pop().end.send(accepted)
                    left -= 1
    finally:
        for worker in workers:
            worker.process.kill()
    for word, client in zip(WORDS, clients, strict=True):
        with client:
            print(word.decode(), client.recv(32).hex()[:8])


if __name__ == "__main__":
    main()
