# /// script
# dependencies = ["uvicorn"]
# ///
"""Only the worker that has locked a file runs the background job."""

import fcntl
import os
import signal
from threading import Event, Thread

from _server import reply, uvicorn

runs = Event()


def job():
    with open("job.lock", "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # waits until no one has it
        runs.set()
        Event().wait()  # the job would run here, again and again


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()  # the server starts
        Thread(target=job, daemon=True).start()
        await send({"type": "lifespan.startup.complete"})
        await receive()  # the server ends
        await send({"type": "lifespan.shutdown.complete"})
    else:
        await reply(send, os.getpid(), runs.is_set())


def main():
    with uvicorn("job_once:app") as ask:
        answers = {}
        while set(answers.values()) != {"True", "False"}:
            answers.update([ask()])
        (first,) = (w for w in answers if answers[w] == "True")
        os.kill(int(first), signal.SIGKILL)
        worker, has_it = ask()
        while has_it == "False" or worker == first:
            worker, has_it = ask()
    print("After its worker is killed, another one runs the job")
    os.unlink("job.lock")


if __name__ == "__main__":
    main()
