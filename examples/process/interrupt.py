"""An interrupt raises KeyboardInterrupt in the child: it cleans up."""

import os
import signal
import sys
from multiprocessing import Pipe, Process
from time import sleep


def watch(report):
    try:
        report.send("The camera is on")
        sleep(30)  # the camera records
    except KeyboardInterrupt:
        report.send("Interrupted")
    finally:
        report.send("The camera is off")


def main():
    receiver, report = Pipe(duplex=False)
    camera = Process(target=watch, args=(report,))
    camera.start()
    report.close()
    print(receiver.recv())
    if sys.version_info >= (3, 14):
        camera.interrupt()
    else:
        os.kill(camera.pid, signal.SIGINT)
    print(receiver.recv())
    print(receiver.recv())
    camera.join()
    print("Exit code", camera.exitcode)


if __name__ == "__main__":
    main()
