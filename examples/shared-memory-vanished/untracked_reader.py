"""A reader with track=False leaves the block alone."""

import sys
from multiprocessing.shared_memory import SharedMemory
from subprocess import PIPE, run


def read(name):
    image = SharedMemory(name, track=False)
    print("Reader sees", bytes(image.buf[:5]))
    image.close()


def main():
    image = SharedMemory("image", create=True, size=5)
    try:
        image.buf[:5] = b"photo"
        for _ in range(2):
            command = [sys.executable, __file__, image.name]
            reader = run(command, stderr=PIPE, text=True)
            print("Exit status of the reader:", reader.returncode)
            print(reader.stderr, end="", file=sys.stderr)
    finally:
        image.close()
        image.unlink()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        read(sys.argv[1])
    else:
        main()
