"""SIGTERM ends the parent; it kills the programs it has started."""

import signal
import sys
from subprocess import Popen

SLOW = [sys.executable, "-c", "import time; time.sleep(60)"]


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    programs = []
    try:
        for _ in range(3):
            programs.append(Popen(SLOW))
        signal.raise_signal(signal.SIGTERM)  # as docker stop
        for program in programs:
            program.wait()
    finally:
        for program in programs:
            program.kill()
            program.wait()
        running = [each for each in programs if each.poll() is None]
        print("running:", len(running))


if __name__ == "__main__":
    main()
