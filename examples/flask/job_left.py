# /// script
# dependencies = ["flask"]
# ///
"""The server is told to end, and its child goes on."""

import os
from multiprocessing import get_context, parent_process

from _server import flask_run
from flask import Flask

app = Flask(__name__)


def job():
    print("a job is started", flush=True)
    parent_process().join()
    print("its parent has ended, and it goes on", flush=True)


def main():
    with flask_run("job_left", "--debug") as server:
        print(next(server.lines))
        server.process.terminate()
        server.process.wait()
        print(next(server.lines))


if __name__ == "__main__":
    main()
elif (
    os.environ.get("WERKZEUG_RUN_MAIN") == "true"
    and "JOB_STARTED" not in os.environ
):
    os.environ["JOB_STARTED"] = "true"
    get_context("spawn").Process(target=job, daemon=True).start()
