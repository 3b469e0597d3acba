"""Another program removes a block, and its owner does not."""

import sys
from multiprocessing.shared_memory import SharedMemory
from subprocess import PIPE, run


def again(role):
    command = [sys.executable, __file__, role]
    return run(command, stderr=PIPE, text=True).stderr


def own():
    image = SharedMemory("image", create=True, size=5)
    image.close()
    again("remove")


def remove():
    image = SharedMemory("image")
    image.close()
    image.unlink()


def main():
    for line in again("own").splitlines():
        if "Warning: " in line:
            print(line.split(": ", 1)[1])


if __name__ == "__main__":
    if len(sys.argv) > 1:
        {"own": own, "remove": remove}[sys.argv[1]]()
    else:
        main()
