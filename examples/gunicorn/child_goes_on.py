# /// script
# dependencies = ["gunicorn"]
# ///
"""A child of a Gunicorn worker is told to end."""

from multiprocessing import Process
from threading import Event

from _server import gunicorn


def wait():
    Event().wait()


def app(environ, start_response):
    child = Process(target=wait, daemon=True)
    child.start()
    child.terminate()
    child.join(timeout=2)
    ended = not child.is_alive()
    child.kill()
    child.join()
    start_response("200 OK", [])
    return [str(ended).encode()]


def main():
    with gunicorn("child_goes_on:app") as ask:
        (ended,) = ask()
    print("terminate() has ended the child:", ended)


if __name__ == "__main__":
    main()
