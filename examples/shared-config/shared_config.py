"""Two workers read one configuration; a change reaches them both."""

import os
import signal
import sys
from concurrent.futures import ProcessPoolExecutor as Executor
from multiprocessing import active_children, parent_process
from multiprocessing.managers import SyncManager
from threading import Thread


def end_with_parent():
    parent_process().join()
    os._exit(1)


def watch_parent():
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()


def share(settings):
    global config
    config = settings
    watch_parent()


def write_mail(name):
    return f"{config['greeting']} {name}, from {config['sender']}"


def main():
    names = ["Bob", "Eve"]
    manager = SyncManager()
    manager.start(watch_parent)
    with manager:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
        config = manager.dict(greeting="Hello", sender="the shop")
        with Executor(
            2, initializer=share, initargs=(config,)
        ) as executor:
            print("Before:", list(executor.map(write_mail, names)))
            config.update(greeting="Good evening", sender="Ada")
            print("After:", list(executor.map(write_mail, names)))


if __name__ == "__main__":
    try:
        main()
    finally:
        for child in active_children():
            child.kill()
