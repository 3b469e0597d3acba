# /// script
# dependencies = ["uvicorn"]
# ///
"""Uvicorn workers count on a manager that runs beside them."""

import asyncio
import os
import secrets
import signal
from functools import cache
from multiprocessing.managers import BaseManager

from _counter import counter
from _server import reply, uvicorn


class Manager(BaseManager):
    pass


Manager.register("counter", counter)


@cache
def connected():
    key, address = os.environ["COUNTER"].split(maxsplit=1)
    manager = Manager(address, key.encode())
    manager.connect()
    return manager.counter()


async def app(scope, receive, send):
    counted = await asyncio.to_thread(lambda: connected().add())
    await reply(send, os.getpid(), counted)


def main():
    requests, workers, key = 0, set(), secrets.token_hex()
    with Manager(authkey=key.encode()) as manager:
        os.environ["COUNTER"] = f"{key} {manager.address}"
        with uvicorn("--lifespan", "off", "counted_beside:app") as ask:
            while len(workers) < 3:  # two, and one that replaces one
                worker, counted = ask()
                requests += 1
                if worker not in workers:
                    os.kill(int(worker), signal.SIGKILL)
                workers.add(worker)
    print("each worker counts all:", int(counted) == requests)


if __name__ == "__main__":
    main()
