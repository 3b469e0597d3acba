"""An executor that cancels what has not begun at Ctrl-C."""

import signal
from concurrent.futures import ProcessPoolExecutor
from time import sleep


def ignore_ctrl_c():
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def measure(sensor):
    sleep(0.1)  # the measurement takes a while
    return sensor


def main():
    with ProcessPoolExecutor(1, initializer=ignore_ctrl_c) as executor:
        tasks = [executor.submit(measure, n) for n in range(100)]
        try:
            signal.raise_signal(signal.SIGINT)  # you press Ctrl-C
            tasks[-1].result()
        except KeyboardInterrupt:
            print("stopping")
            executor.shutdown(cancel_futures=True)
    print("the last one was canceled:", tasks[-1].cancelled())


if __name__ == "__main__":
    main()
