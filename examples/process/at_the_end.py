"""A parent that ends stops its daemons and waits for the others."""

from multiprocessing import Pipe, Process
from time import sleep


def watch(line):
    try:
        line.send("on")
        sleep(60)  # the camera records
    finally:
        print("The camera is off")


def back_up(line):
    line.send("started")
    line.recv()
    print("The backup is done")


def start(target, daemon):
    line, far_end = Pipe()
    Process(target=target, args=(far_end,), daemon=daemon).start()
    far_end.close()
    line.recv()
    return line


def main():
    start(watch, daemon=True)
    backup = start(back_up, daemon=False)
    print("The program ends")
    backup.send("go")


if __name__ == "__main__":
    main()
