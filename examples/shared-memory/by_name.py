"""Workers attach to a block by its name, each to a part of it."""

from multiprocessing import Process
from multiprocessing.shared_memory import SharedMemory

ROW = 6  # bytes


def draw(name, row, color):
    picture = SharedMemory(name)
    try:
        picture.buf[row * ROW : (row + 1) * ROW] = color * ROW
    finally:
        picture.close()


def main():
    picture = SharedMemory(create=True, size=3 * ROW)
    try:
        painters = [
            Process(target=draw, args=(picture.name, row, color))
            for row, color in enumerate([b"r", b"g", b"b"])
        ]
        for painter in painters:
            painter.start()
        for painter in painters:
            painter.join()
        for row in range(3):
            print(bytes(picture.buf[row * ROW : (row + 1) * ROW]))
    finally:
        picture.close()
        picture.unlink()


if __name__ == "__main__":
    main()
