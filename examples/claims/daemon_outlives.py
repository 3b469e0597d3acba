"""A daemon process lives on when its parent is killed."""

import tempfile
from multiprocessing import Pipe, Process


def heartbeat(line):
    if line.recv() == "are you there?":
        line.send("the daemon is still running")


def service(line, folder):
    tempfile.tempdir = folder  # who is killed cannot tidy up
    daemon = Process(target=heartbeat, args=(line,), daemon=True)
    daemon.start()
    line.send("started")
    daemon.join()


def main():
    line, service_end = Pipe()
    with tempfile.TemporaryDirectory() as folder:
        parent = Process(target=service, args=(service_end, folder))
        parent.start()
        print("service:", line.recv())
        parent.kill()
        parent.join()
        print("service alive:", parent.is_alive())
        line.send("are you there?")
        print("daemon:", line.recv())


if __name__ == "__main__":
    main()
