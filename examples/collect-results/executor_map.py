"""The results come back in the order of the tasks."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import active_children, parent_process
from threading import Thread


def count_words(text):
    return len(text.split())


def end_with_parent():
    parent_process().join()
    os._exit(1)


def watch_parent():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()


def main():
    chapters = ["Call me Ishmael.", "Some years ago", "never mind how"]
    with ProcessPoolExecutor(3, initializer=watch_parent) as executor:
        counts = list(executor.map(count_words, chapters))
    for chapter, count in zip(chapters, counts, strict=True):
        print(count, chapter)


if __name__ == "__main__":
    try:
        main()
    finally:
        for worker in active_children():
            worker.kill()
