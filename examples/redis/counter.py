# /// script
# dependencies = ["redis"]
# [tool.examples]
# commands = ["redis-server"]
# ///
"""Two workers count in Redis: by INCR, and by GET and SET."""

from concurrent.futures import ProcessPoolExecutor

from _server import redis_server
from redis import Redis


def connect(url):
    global client
    client = Redis.from_url(url)


def count(times):
    for _ in range(times):
        client.incr("clicks")


def get_and_set():
    client.set("views", int(client.get("views")) + 1)


def main():
    with redis_server() as url:
        connect(url)
        client.set("views", 0)
        with ProcessPoolExecutor(2, None, connect, [url]) as pool:
            list(pool.map(count, [1000, 1000]))
            views = int(client.get("views"))  # the parent reads
            pool.submit(get_and_set).result()  # a worker adds 1
            client.set("views", views + 1)  # the parent adds 1
        print("2000 times INCR:", int(client.get("clicks")))
        print("GET and SET by two:", int(client.get("views")))
        client.close()


if __name__ == "__main__":
    main()
