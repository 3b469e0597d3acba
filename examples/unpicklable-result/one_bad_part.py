"""One bad part makes the whole result one that cannot be pickled."""

from multiprocessing import Pool
from multiprocessing.pool import MaybeEncodingError
from threading import Lock


def read_sensor(name):
    return {"name": name, "celsius": 21.5, "lock": Lock()}


def main():
    with Pool(1) as pool:
        try:
            print(pool.map(read_sensor, ["north", "south"]))
        except MaybeEncodingError as error:
            print(error.exc)


if __name__ == "__main__":
    main()
