"""The resource tracker is killed, and started again when needed."""

import os
import signal
from multiprocessing import resource_tracker


def main():
    resource_tracker.ensure_running()
    tracker = resource_tracker._resource_tracker._pid
    os.kill(tracker, signal.SIGKILL)
    os.waitid(os.P_PID, tracker, os.WEXITED | os.WNOWAIT)
    resource_tracker.ensure_running()  # as each new block does
    print("There is a new tracker")


if __name__ == "__main__":
    main()
