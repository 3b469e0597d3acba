# /// script
# dependencies = ["gunicorn"]
# ///
"""Each of two Gunicorn workers counts requests in a global."""

import os

from _server import gunicorn

count = 0


def app(environ, start_response):
    global count
    count += 1
    start_response("200 OK", [])
    return [f"{os.getpid()} {count}".encode()]


def main():
    requests, counts = 0, {}
    with gunicorn("global_differs:app") as ask:
        while len(counts) < 2:  # until both workers have answered
            worker, counted = ask()
            requests += 1
            counts[worker] = int(counted)
    print("one worker counts all:", max(counts.values()) == requests)
    print("together they do:", sum(counts.values()) == requests)


if __name__ == "__main__":
    main()
