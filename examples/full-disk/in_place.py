"""A full disk leaves a part of a file that is written in place."""

import json
import resource
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory


def fill_the_disk():
    # As if the disk had room for 16,384 more bytes.
    resource.setrlimit(resource.RLIMIT_FSIZE, (16_384, 16_384))


def save(path, prices):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(prices, file)


def main():
    with TemporaryDirectory() as folder:
        path = Path(folder, "prices.json")
        save(path, [1, 2, 3])
        with ProcessPoolExecutor(1, initializer=fill_the_disk) as pool:
            try:
                pool.submit(save, path, list(range(5000))).result()
            except OSError as error:
                print("Not saved:", error)
        print("Size:", path.stat().st_size)
        try:
            print(json.loads(path.read_text("utf-8")))
        except json.JSONDecodeError:
            print("The old prices are lost, and many of the new ones")


if __name__ == "__main__":
    main()
