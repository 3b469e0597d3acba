"""The server is killed, and started again at the same address."""

from tempfile import TemporaryDirectory

from _scripts import HOST, server, work
from worker import connect


def main():
    with TemporaryDirectory() as folder:
        with server(lease=60, folder=folder) as (process, port):
            shared = connect(HOST, port)
            jobs = shared.jobs()
            jobs.take()
            jobs.done(0, 1.0)
            shared.counter().add(1)
            process.kill()
            process.wait()
            try:
                jobs.take()
            except (ConnectionError, EOFError):
                print("the server has ended")
        with server(lease=60, port=port, folder=folder):
            try:
                jobs.take()
            except (ConnectionError, EOFError):
                print("the old proxy still fails")
            work(port)
            del jobs
            shared = connect(HOST, port)
            results = shared.jobs().results()
            print("results:", len(results), "of job 0:", results[0])
            print("counter:", shared.counter().add(0))


if __name__ == "__main__":
    main()
