# /// script
# dependencies = ["uvicorn"]
# ///
"""Each Uvicorn worker has a pool, and awaits its results."""

import asyncio
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from _server import reply, uvicorn


def sum_of_squares(numbers):
    return sum(i * i for i in range(numbers))


async def app(scope, receive, send):
    global pool
    if scope["type"] == "lifespan":
        await receive()  # the server starts
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
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
