# /// script
# [tool.examples]
# commands = ["unshare"]
# ///
"""What a killed worker has started becomes a zombie of PID 1."""

import os
from multiprocessing import Pipe, Process
from pathlib import Path
from subprocess import PIPE, Popen

from _container import enter


def convert(sender):
    command = Popen(["cat"], stdin=PIPE)  # ends with the worker
    sender.send(command.pid)
    command.wait()


def main():
    enter()
    receiver, sender = Pipe(duplex=False)
    worker = Process(target=convert, args=(sender,))
    worker.start()
    command = receiver.recv()
    worker.kill()
    worker.join()
    os.waitid(os.P_PID, command, os.WEXITED | os.WNOWAIT)
    status = Path(f"/proc/{command}/status")
    print("The command is a zombie:", "zombie" in status.read_text())
    os.waitpid(command, 0)
    print("After waitpid it is gone:", not status.exists())


if __name__ == "__main__":
    main()
