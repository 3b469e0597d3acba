"""Starts each pair of scripts, as you would in two terminals."""

import signal
import sys
from contextlib import suppress
from pathlib import Path
from subprocess import PIPE, Popen, TimeoutExpired, run

PAIRS = [
    ("server.py", "client.py"),
    ("memory_writer.py", "memory_reader.py"),
    ("manager_server.py", "manager_client.py"),
]


def command(script):
    return [sys.executable, Path(__file__).with_name(script)]


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    for first, second in PAIRS:
        with Popen(
            command(first), stdin=PIPE, stdout=PIPE, text=True
        ) as server:
            try:
                print(f"{first}: {server.stdout.readline()}", end="")
                client = run(command(second), stdout=PIPE, text=True)
                for line in client.stdout.splitlines():
                    print(f"{second}: {line}")
                if client.returncode:
                    with suppress(TimeoutExpired):
                        server.communicate("\n", timeout=10)
                    sys.exit(f"{second}: {client.returncode}")
                said, _ = server.communicate("\n")
                for line in said.splitlines():
                    print(f"{first}: {line}")
            finally:
                server.terminate()
        if server.returncode:
            sys.exit(f"{first}: {server.returncode}")


if __name__ == "__main__":
    main()
