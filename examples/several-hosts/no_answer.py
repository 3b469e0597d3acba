"""A server that does not answer, as if the cable were cut."""

import os
import signal
from subprocess import PIPE

from _scripts import HOST, script, server, work


def main():
    with server(lease=60) as (process, port):
        process.send_signal(signal.SIGSTOP)
        os.environ["JOBS_LIMIT"] = "1"
        with script("worker.py", HOST, port, stderr=PIPE) as worker:
            message = worker.communicate()[1].splitlines()[0]
        print("exit status:", worker.returncode, "-", message)
        process.send_signal(signal.SIGCONT)
        os.environ["JOBS_LIMIT"] = "30"
        work(port)
        print("exit status of the next worker: 0")


if __name__ == "__main__":
    main()
