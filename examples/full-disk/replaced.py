"""A full disk leaves the old file whole, and the program says so."""

import json
import os
import resource
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory


def fill_the_disk():
    # As if the disk had room for 16,384 more bytes.
    resource.setrlimit(resource.RLIMIT_FSIZE, (16_384, 16_384))


def save(path, prices):
    new = path.with_name(path.name + ".new")
    try:
        with open(new, "w", encoding="utf-8") as file:
            json.dump(prices, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def main():
    with TemporaryDirectory() as folder:
        path = Path(folder, "prices.json")
        save(path, [1, 2, 3])
        with ProcessPoolExecutor(1, initializer=fill_the_disk) as pool:
            future = pool.submit(save, path, list(range(5000)))
            error = future.exception()
        print("In the file:", json.loads(path.read_text("utf-8")))
        print("In the folder:", os.listdir(folder))
    if error:
        sys.exit(f"Not saved: {error}")


if __name__ == "__main__":
    main()
