# /// script
# dependencies = ["flask"]
# ///
"""With the reloader, a job that starts at import starts twice."""

from threading import Event, Thread

from _server import flask_run
from flask import Flask

app = Flask(__name__)


def start_job():
    Thread(target=Event().wait, daemon=True).start()
    print("a job is started", flush=True)


def main():
    with flask_run("started_twice", "--debug") as server:
        print(next(server.lines))
        print(next(server.lines))


if __name__ == "__main__":
    main()
else:
    start_job()
