"""An executor that cancels what has not begun at Ctrl-C."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import active_children, parent_process
from threading import Thread
from time import sleep


def end_with_parent():
    parent_process().join()
    os._exit(1)


def ignore_ctrl_c():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=end_with_parent, daemon=True).start()


def measure(sensor):
    sleep(0.1)  # the measurement takes a while
    return sensor


def main():
    tasks = []
    with ProcessPoolExecutor(1, initializer=ignore_ctrl_c) as executor:
        try:
            for sensor in range(100):
                tasks.append(executor.submit(measure, sensor))
            signal.raise_signal(signal.SIGINT)  # you press Ctrl-C
            tasks[-1].result()
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            print("stopping")
            executor.shutdown(cancel_futures=True)
    for task in tasks:
        if not task.cancelled():
            task.result()  # raises the error of a task that failed
    print("some were canceled:", any(t.cancelled() for t in tasks))


if __name__ == "__main__":
    try:
        main()
    finally:
        for worker in active_children():
            worker.kill()
