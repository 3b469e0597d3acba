"""Starts each pair of scripts, as you would in two terminals."""

import sys
from pathlib import Path
from subprocess import PIPE, Popen, run

PAIRS = [
    ("server.py", "client.py"),
    ("memory_writer.py", "memory_reader.py"),
    ("manager_server.py", "manager_client.py"),
]


def command(script):
    return [sys.executable, Path(__file__).with_name(script)]


def main():
    for first, second in PAIRS:
        with Popen(
            command(first), stdin=PIPE, stdout=PIPE, text=True
        ) as server:
            print(f"{first}: {server.stdout.readline()}", end="")
            client = run(command(second), stdout=PIPE, text=True)
            for line in client.stdout.splitlines():
                print(f"{second}: {line}")
            said, _ = server.communicate("\n")
            for line in said.splitlines():
                print(f"{first}: {line}")


if __name__ == "__main__":
    main()
