# /// script
# dependencies = ["redis"]
# [tool.examples]
# commands = ["redis-server"]
# ///
"""Two workers share a dictionary, which is a hash in Redis."""

from concurrent.futures import ProcessPoolExecutor

from _server import redis_server
from redis import Redis

LINES = ["red green red", "green blue", "blue red"]


def connect(url):
    global client
    client = Redis.from_url(url, decode_responses=True)


def count(line):
    for word in line.split():
        client.hincrby("words", word)
    client.hset("lines", line, len(line))


def main():
    with redis_server() as url:
        with ProcessPoolExecutor(2, None, connect, [url]) as pool:
            list(pool.map(count, LINES))
        connect(url)
        print("words:", sorted(client.hgetall("words").items()))
        print("length of one:", repr(client.hget("lines", LINES[0])))
        print("of no such line:", client.hget("lines", "black"))
        client.close()


if __name__ == "__main__":
    main()
