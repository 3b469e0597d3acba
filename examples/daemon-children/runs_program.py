"""A worker of a Pool may run another program with subprocess."""

import subprocess
import sys
from multiprocessing import Pool


def convert(photo):
    code = f"print('{photo} converted')"
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, capture_output=True, text=True
    ).stdout


def main():
    with Pool(2) as pool:
        for line in pool.map(convert, ["cat.jpg", "dog.jpg"]):
            print(line, end="")


if __name__ == "__main__":
    main()
