# /// script
# dependencies = ["gunicorn"]
# ///
"""Only the worker that has locked a file runs the background job."""

import fcntl
import os
import signal
import time
from threading import Event, Thread

from _server import gunicorn

runs = Event()


def job():
    with open("job.lock", "a") as file:
        while not runs.is_set():
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                runs.set()
            except BlockingIOError:
                time.sleep(0.5)  # another has it; gevent goes on
        Event().wait()  # the job would run here, again and again


def app(environ, start_response):
    start_response("200 OK", [])
    return [f"{os.getpid()} {runs.is_set()}".encode()]


def main():
    with gunicorn("job_once:app") as ask:
        runs_it = dict(ask() for _ in range(100))
        while set(runs_it.values()) != {"True", "False"}:
            runs_it.update([ask()])
        (first,) = (w for w in runs_it if runs_it[w] == "True")
        os.kill(int(first), signal.SIGKILL)
        worker, has_it = ask()
        while has_it == "False" or worker == first:
            worker, has_it = ask()
    print("After its worker is killed, another one runs the job")
    os.unlink("job.lock")


if __name__ == "__main__":
    main()
else:
    Thread(target=job, daemon=True).start()
