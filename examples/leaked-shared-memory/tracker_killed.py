"""The tracker is killed, and the next one does not have the block."""

import os
import signal
from multiprocessing import resource_tracker
from multiprocessing.shared_memory import SharedMemory


def main():
    picture = SharedMemory("picture", create=True, size=5)
    tracker = resource_tracker._resource_tracker._pid
    os.kill(tracker, signal.SIGKILL)
    os.waitpid(tracker, 0)
    resource_tracker.ensure_running()  # as each new block does
    picture.close()
    picture.unlink()
    print("Unlinked")


if __name__ == "__main__":
    main()
