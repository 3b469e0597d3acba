# /// script
# dependencies = ["flask"]
# ///
"""The job starts only in the process that serves."""

import os
from threading import Event, Thread

from _server import flask_run
from flask import Flask

app = Flask(__name__)


def start_job():
    Thread(target=Event().wait, daemon=True).start()
    print("a job is started", flush=True)


def main():
    with flask_run("started_once", "--debug") as server:
        print(next(server.lines))
        print(next(server.lines))
        print(next(server.lines))


if __name__ == "__main__":
    main()
else:
    serves = os.environ.get("WERKZEUG_RUN_MAIN") == "true"
    print("imported, and serves:", serves, flush=True)
    if serves and "JOB_STARTED" not in os.environ:
        os.environ["JOB_STARTED"] = "true"  # for its children
        start_job()
