"""Starts Redis and a Celery worker, as you would in two terminals, and ends them."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import DEVNULL, Popen, TimeoutExpired
from tempfile import TemporaryDirectory

from celery import Celery
from celery.exceptions import TimeoutError as NoAnswer
from redis import Redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

SOCKET = os.path.abspath("redis.sock")
REDIS = f"redis+socket://{SOCKET}"
OPTIONS = ["--concurrency", "2", "--loglevel", "critical"]
ANSWER = 0.5  # seconds between two looks at whether the servers are alive
TIME_LIMIT = 30.0  # seconds


@contextmanager
def celery_worker(app: Celery, *options: str) -> Iterator[Popen[bytes]]:
    """A worker of two processes for the tasks of `app`, once it has answered.

    SystemExit when Redis or the worker does not start. Both are in process groups of their own,
    so that Ctrl-C reaches the program alone, and the program ends them.
    """
    with TemporaryDirectory(dir=".") as folder, _redis(folder) as server:
        command = [sys.executable, "-W", "ignore", "-m", "celery", "--app", app.main, "worker"]
        path = os.path.dirname(os.path.abspath(__file__))
        with Popen(
            [*command, *OPTIONS, "--logfile", os.path.join(folder, "log"), *options],
            env=os.environ | {"PYTHONPATH": path, "TMPDIR": os.path.abspath(folder)},
            stdout=DEVNULL,
            process_group=0,
        ) as worker:
            try:
                _wait_for_answer(app, server, worker)
                yield worker
            finally:
                worker.terminate()
                try:
                    worker.wait(TIME_LIMIT / 3)
                except TimeoutExpired:
                    os.killpg(worker.pid, signal.SIGKILL)


@contextmanager
def _redis(folder: str) -> Iterator[Popen[bytes]]:
    """Redis on a socket in the current folder, in memory alone, and not in much of it."""
    options = ["--port", "0", "--unixsocket", SOCKET, "--save", "", "--maxmemory", "50mb"]
    with Popen(
        ["redis-server", *options, "--dir", folder], stdout=DEVNULL, process_group=0
    ) as server:
        try:
            yield server
        finally:
            server.terminate()
            server.wait()
            if os.path.exists(SOCKET):  # it was killed
                os.unlink(SOCKET)


def _wait_for_answer(app: Celery, *servers: Popen[bytes]) -> None:
    """Send a task that every application has until a process of the worker has run it."""
    retry = Retry(ConstantBackoff(ANSWER / 50), int(TIME_LIMIT / ANSWER * 50))
    with Redis(unix_socket_path=SOCKET, retry=retry) as client:
        client.ping()
    answer = app.send_task("celery.accumulate", [1])
    for _ in range(int(TIME_LIMIT / ANSWER)):
        if any(server.poll() is not None for server in servers):
            break
        try:
            answer.get(timeout=ANSWER)
        except NoAnswer:
            continue
        return
    del answer  # it would ask Redis at its end
    raise SystemExit("Redis or the Celery worker did not start")
