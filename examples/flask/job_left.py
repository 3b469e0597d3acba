# /// script
# dependencies = ["flask"]
# ///
"""The server is told to end, and its child goes on."""

import os
from multiprocessing import get_context, parent_process
from threading import Event

from _server import flask_run
from flask import Flask

app = Flask(__name__)


def job():
    Event().wait()  # the job would run here


def main():
    with flask_run("job_left", "--debug") as server:
        pid = int(next(server.lines))
        server.process.terminate()
        server.process.wait()
        os.kill(pid, 0)  # ProcessLookupError if it has ended
        print("The server has ended, and its child goes on")


if __name__ == "__main__":
    main()
elif os.environ.get("WERKZEUG_RUN_MAIN") and parent_process() is None:
    worker = get_context("spawn").Process(target=job, daemon=True)
    worker.start()
    print(worker.pid, flush=True)
