# /// script
# dependencies = ["uvicorn"]
# ///
"""Each Uvicorn worker has a pool, and awaits its results."""

import asyncio
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from threading import Thread

from _server import reply, uvicorn


def end_with_parent():
    parent_process().join()
    os._exit(1)


def watch_parent():
    Thread(target=end_with_parent, daemon=True).start()


def sum_of_squares(numbers):
    return sum(i * i for i in range(numbers))


async def app(scope, receive, send):
    global pool
    if scope["type"] == "lifespan":
        await receive()  # the server starts
        spawn = get_context("spawn")
        with ProcessPoolExecutor(1, spawn, watch_parent) as pool:
            await send({"type": "lifespan.startup.complete"})
            await receive()  # the server ends
        await send({"type": "lifespan.shutdown.complete"})
    else:
        loop = asyncio.get_running_loop()
        task = loop.run_in_executor(pool, sum_of_squares, 1000)
        await reply(send, await task)


def main():
    with uvicorn("pool_in_endpoint:app") as ask:
        (total,) = ask()
    print("sum of squares:", total)


if __name__ == "__main__":
    main()
