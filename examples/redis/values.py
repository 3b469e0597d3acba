# /// script
# dependencies = ["numpy", "redis"]
# [tool.examples]
# commands = ["redis-server"]
# ///
"""What Redis gets for values of several types."""

import numpy as np
from _server import redis_server
from redis import DataError, Redis

VALUES = [
    np.float64(2.5),
    float(np.float64(2.5)),
    np.int64(2),
    True,
    None,
    {"n": 2},
]


def main():
    with redis_server() as url, Redis.from_url(url) as client:
        for value in VALUES:
            try:
                client.set("value", value)
                print(f"{value!r} -> {client.get('value')}")
            except DataError as error:
                print(f"{value!r} -> {str(error).split('.')[0]}")


if __name__ == "__main__":
    main()
