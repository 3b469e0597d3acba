# /// script
# dependencies = ["uvicorn"]
# ///
"""Each of two Uvicorn workers counts requests in a global."""

import os

from _server import reply, uvicorn

count = 0


async def app(scope, receive, send):
    global count
    count += 1
    await reply(send, os.getpid(), count)


def main():
    requests, counts = 0, {}
    with uvicorn("--lifespan", "off", "global_differs:app") as ask:
        while len(counts) < 2:  # until both workers have answered
            worker, counted = ask()
            requests += 1
            counts[worker] = int(counted)
    print("one worker counts all:", max(counts.values()) == requests)
    print("together they do:", sum(counts.values()) == requests)


if __name__ == "__main__":
    main()
