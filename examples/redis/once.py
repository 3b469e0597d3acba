# /// script
# dependencies = ["redis"]
# [tool.examples]
# commands = ["redis-server"]
# ///
"""An update with an id is counted once, however often it is sent."""

import socket
from multiprocessing import Event, Process

from _server import redis_server
from redis import Redis
from twice import forward

COUNT_ONCE = """
if redis.call('SET', KEYS[2], '', 'NX', 'EX', 86400) then
    redis.call('INCR', KEYS[1])
end
return redis.call('GET', KEYS[1])
"""


def main():
    lose = Event()
    with redis_server() as url:
        with socket.create_server(("127.0.0.1", 0)) as s:
            args = s, lose, url.removeprefix("unix://")
            Process(target=forward, args=args, daemon=True).start()
            port = s.getsockname()[1]
        with Redis(port=port) as client:
            client.set("n", 0)
            for sale in "sale:17", "sale:18":
                lose.set()
                count = int(client.eval(COUNT_ONCE, 2, "n", sale))
                lost = not lose.is_set()
                print(f"{sale}: reply lost: {lost}, counted: {count}")


if __name__ == "__main__":
    main()
