"""A worker gets clients from its parent through a pipe."""

import signal
from contextlib import suppress
from hashlib import sha256
from multiprocessing import Pipe, Process


def taken(jobs):
    with suppress(EOFError, ConnectionError, FileNotFoundError):
        while True:
            yield jobs.recv()
            jobs.send("done")


def serve(ends, jobs):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for end in ends:
        end.close()
    for client in taken(jobs):
        with client:
            client.settimeout(10)
            try:
                data = client.recv(100)
            except OSError:
                continue
            answer = sha256(data).digest()
            with suppress(OSError):
                client.sendall(answer)


class Worker:
    def __init__(self, others=()):
        self.end, jobs = Pipe()
        args = [self.end, *[other.end for other in others]], jobs
        self.process = Process(target=serve, args=args, daemon=True)
        self.process.start()
        jobs.close()

    def finish(self):
        with suppress(EOFError, ConnectionError):
            return self.end.recv()
        self.process.join()
        raise SystemExit(f"a worker: exit code {self.process.exitcode}")


def main():
    print("apple", sha256(b"apple").hexdigest()[:8])


if __name__ == "__main__":
    main()
